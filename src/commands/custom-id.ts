/**
 * The actions of buttons, select menus and modals. They are short, since Discord limits a custom id to 100 characters.
 */
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
  'upscale',
  'remove-bg',
  'tool',
  'describe',
  'enhance',
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

/** The content of the `custom_id` of a button, a select menu or a modal. */
export interface CustomId {
  readonly action: Action;
  /** The row of the ledger, or the part of a server's rules; null for actions about the person. */
  readonly subject: string | null;
  /** The number of an image, the words of a search, or the content that a form showed. Only given with a subject. */
  readonly detail?: string;
}

/** The room that an action and a row's id leave in a custom id. */
export const DETAIL_MAX_CHARACTERS = 50;

export function encodeCustomId({ action, subject, detail }: CustomId): string {
  if (subject === null) return action;
  return detail ? `${action}:${subject}:${detail}` : `${action}:${subject}`;
}

/** Null for a text that no version of the bot has written. */
export function decodeCustomId(customId: string): CustomId | null {
  const [, name, subject = null, detail] = /^([a-z-]+)(?::([\w-]+)(?::(.+))?)?$/s.exec(customId) ?? [];
  const action = ACTIONS.find((known) => known === name);
  return action ? { action, subject, ...(detail && { detail }) } : null;
}
