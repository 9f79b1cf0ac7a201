import type { RuleChange, RuleChanges } from '../../services/ledger/server-rules.ts';
import { NO_RULES, type RuleField, serverRules } from '../../services/request/server-rules.ts';
import { ACCENT } from '../accent.ts';
import { type ButtonLook, buttonRows, type MessageView } from '../components.ts';
import { relativeTime } from '../markdown.ts';
import type { Text } from '../text/index.ts';
import { ruleValue } from './facts.ts';
import { backButton } from './overview.view.ts';
import { listed, shownWord } from './shown.ts';

const SHOWN_ENTRIES = 4;

/** Lists who changed which rule and when, newest first. Pure. */
export function renderRuleChanges({ changes, page, pages }: RuleChanges, text: Text): MessageView {
  const entries = changes.map((change) => {
    const who = `-# ${relativeTime(change.changedAt)} · <@${change.userId}>`;
    return `${changeLine(change, text)}\n${who}`;
  });
  return {
    content: '',
    embeds: [
      {
        color: ACCENT,
        title: text.rules.changes,
        description: entries.join('\n') || text.rules.noChanges,
        ...(pages > 1 && { footer: { text: text.rules.page(page, pages) } }),
      },
    ],
    components: buttonRows([...turnButtons(page, pages, text), backButton(text)]),
  };
}

function changeLine({ field, from, to }: RuleChange, text: Text): string {
  const known = (Object.keys(NO_RULES) as RuleField[]).find((each) => each === field);
  if (!known) return text.rules.unknownChange;
  const [before, after] = [from, to].map((value) => serverRules.parse({ [known]: value }));
  const { blockedWords: words } = before ?? NO_RULES;
  if (known === 'blockedWords') {
    // For long lists only the differences are shown.
    return text.rules.line(
      text.rules.field[known],
      wordsChanged(words, (after ?? NO_RULES).blockedWords, text),
    );
  }
  const values = [before, after].map((rules) => ruleValue(known, rules ?? NO_RULES, SHOWN_ENTRIES, text));
  return text.rules.line(text.rules.field[known], values.join(' → '));
}

function wordsChanged(before: readonly string[], after: readonly string[], { separator }: Text): string {
  const [was, is] = [new Set(before), new Set(after)];
  const added = after.filter((word) => !was.has(word)).map(shownWord);
  const removed = before.filter((word) => !is.has(word)).map((word) => `~~${shownWord(word)}~~`);
  return `${before.length} → ${after.length}: ${listed([...added, ...removed], SHOWN_ENTRIES, separator)}`;
}

function turnButtons(page: number, pages: number, { button }: Text): ButtonLook[] {
  if (pages === 1) return [];
  const to = (target: number) => ({ action: 'rule-changes', subject: String(target) }) as const;
  return [
    { ...to(page - 1), label: button.newer, disabled: page <= 1 },
    { ...to(page + 1), label: button.older, disabled: page >= pages },
  ];
}
