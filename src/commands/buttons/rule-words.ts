import { isTakenAsList, readWords, WORDS_MAX } from '../../services/request/blocked-words.ts';
import { tell } from '../access.ts';
import type { Button, Modal } from '../handlers.ts';
import { changeRules, rulesToChange, showRules } from '../rules/change.ts';
import { wordsModal } from '../rules/modals.ts';
import { typedIn } from '../select.ts';

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
    const words = typedIn(interaction.fields, 'words');
    const change = words === null ? {} : { blockedWords: readWords(words) };
    if (change.blockedWords && !isTakenAsList(change.blockedWords))
      return tell(interaction, context.text.rules.tooManyWords(WORDS_MAX));
    const rules = await changeRules(interaction, change, context);
    if (rules) await showRules(interaction, rules, context);
  },
};
