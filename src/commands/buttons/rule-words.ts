import { isTakenAsList, readWords, WORDS_MAX } from '../../services/blocked-words.ts';
import { tell } from '../access.ts';
import type { Button, Modal } from '../handlers.ts';
import { changeRules, rulesToChange, showRules } from '../rules/change.ts';
import { wordsModal } from '../rules/modals.ts';

/** Opens the blocked words for changes. */
export const openWords: Button = {
  action: 'words',
  async run(interaction, _, context) {
    const rules = await rulesToChange(interaction, context);
    if (rules) await interaction.showModal(wordsModal(rules, context.text));
  },
};

export const wordsChanged: Modal = {
  action: 'words',
  async run(interaction, _, context) {
    const blockedWords = readWords(interaction.fields.getTextInputValue('words'));
    if (!isTakenAsList(blockedWords)) return tell(interaction, context.text.rules.tooManyWords(WORDS_MAX));
    const rules = await changeRules(interaction, { blockedWords }, context);
    if (rules) await showRules(interaction, rules, context);
  },
};
