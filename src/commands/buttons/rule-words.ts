import { isTakenAsList, readWords, WORDS_MAX } from '../../services/request/blocked-words.ts';
import type { ServerRules } from '../../services/request/server-rules.ts';
import { tell } from '../access.ts';
import type { Button, Modal } from '../handlers.ts';
import { changeRules, rulesToChange, showRules } from '../rules/change.ts';
import { fingerprintOf, WORDS_MAX_CHARACTERS, wordsModal } from '../rules/modals.ts';
import { typedIn } from '../select.ts';

/** Opens a form to change the blocked words. */
export const openWords: Button = {
  action: 'words',
  async run(interaction, { subject }, context) {
    const rules = await rulesToChange(interaction, context);
    if (rules) await interaction.showModal(wordsModal(subject, rules, context.text));
  },
};

export const wordsChanged: Modal = {
  action: 'words',
  async run(interaction, { detail }, context) {
    const typed = typedIn(interaction.fields, 'words');
    const words = typed === null ? null : readWords(typed);
    if (words && !isTakenAsList(words)) return tell(interaction, context.text.rules.tooManyWords(WORDS_MAX));
    const change = ({ blockedWords }: ServerRules) =>
      words ? { blockedWords: changedWords(words, detail, blockedWords) } : {};
    const rules = await changeRules(interaction, change, context);
    if (rules) await showRules(interaction, rules, context);
  },
};

/**
 * Keeps the words that another admin has added since the form was opened; a form that is sent later doesn't remove
 * them.
 */
function changedWords(words: string[], shown: string | undefined, now: string[]): string[] {
  if (shown === undefined || fingerprintOf(now) === shown) return words;
  if (fingerprintOf(words) === shown) return now;
  const all = [...now, ...words].join('\n');
  const both = readWords(all);
  // Nobody could change a list that doesn't fit into a form.
  return isTakenAsList(both) && all.length <= WORDS_MAX_CHARACTERS ? both : words;
}
