import type { StoredData } from '../services/ledger/stored-data.ts';
import { ACCENT } from './accent.ts';
import { buttonRows, type MessageView } from './components.ts';
import type { Text } from './text/index.ts';

export interface PrivacyState {
  readonly summary: Awaited<ReturnType<StoredData['summary']>>;
  /** The number of changes to servers' rules by this person. */
  readonly changes: number;
  readonly retentionDays: number;
}

/** Shows what is stored about a person, for how long, and where it goes, in short blocks. Pure. */
export function renderPrivacy({ summary, changes, retentionDays }: PrivacyState, text: Text): MessageView {
  const { privacy, button } = text;
  const blocks = [
    [privacy.stored, privacy.summary(summary)],
    [privacy.howLong, privacy.kept(retentionDays)],
    [privacy.whereTo, privacy.sent],
    [privacy.limits, privacy.counted],
    ...(changes > 0 ? [[privacy.ruleChanges, privacy.changesKept(changes, retentionDays)]] : []),
  ];
  const description = blocks.map(([head, body]) => `**${head}**\n${body}`).join('\n\n');
  return {
    content: '',
    embeds: [{ color: ACCENT, title: privacy.title, description }],
    components: buttonRows([
      { action: 'export', subject: null, label: button.export, emoji: '📄' },
      { action: 'forget', subject: null, label: button.forget, style: 'danger' },
    ]),
  };
}
