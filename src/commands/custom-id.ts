/** What a button does, or a select menu or a modal asks for. Short, since Discord gives a custom id 100 characters. */
const ACTIONS = [
  'cancel',
  'check',
  'retry',
  'send',
  'again',
  'edit',
  'reference',
  'larger',
  'enlarge',
  'vary-strong',
  'vary-subtle',
  'delete',
  'confirm',
  'dismiss',
  'draft',
  'way',
  'try',
  'older',
  'newer',
  'sheet',
  'filter',
  'open',
  'next',
  'prev',
  'star',
  'remove',
  'remove-now',
  'zip',
  'defaults',
  'notices',
  'reset',
  'export',
  'forget',
  'forget-now',
  'rules',
  'rule',
  'limits',
  'words',
  'pause',
  'resume',
  'rule-changes',
  'reset-rules',
  'reset-rules-now',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What the `custom_id` of a button, a select menu or a modal says. */
export interface CustomId {
  readonly action: Action;
  /** The row of the ledger that it is about, or what of a server's rules; none for what concerns a person. */
  readonly subject: string | null;
  /** Which image of several, the words of a search, what a form showed: only besides a subject. */
  readonly detail?: string;
}

/** An action and a row's id leave this much of a custom id for the detail. */
export const DETAIL_MAX_CHARACTERS = 50;

export function encodeCustomId({ action, subject, detail }: CustomId): string {
  if (subject === null) return action;
  return detail ? `${action}:${subject}:${detail}` : `${action}:${subject}`;
}

/** Null for what no version of the bot has made. */
export function decodeCustomId(customId: string): CustomId | null {
  const [, name, subject = null, detail] = /^([a-z-]+)(?::([\w-]+)(?::(.+))?)?$/s.exec(customId) ?? [];
  const action = ACTIONS.find((known) => known === name);
  return action ? { action, subject, ...(detail && { detail }) } : null;
}
