/** What a button does or a modal asks for. Short, since Discord gives a custom id 100 characters. */
const ACTIONS = [
  'cancel',
  'check',
  'retry',
  'send',
  'again',
  'edit',
  'reference',
  'larger',
  'delete',
  'confirm',
  'dismiss',
  'draft',
  'older',
  'newer',
  'defaults',
  'notices',
  'reset',
  'export',
  'forget',
  'forget-now',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What the `custom_id` of a button or a modal says. */
export interface CustomId {
  readonly action: Action;
  /** The row of the ledger that it is about; none for what concerns a person. */
  readonly subject: string | null;
  /** Which image of several, or the words of a search: only besides a subject. */
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
