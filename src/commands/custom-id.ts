/** What a button does. Short, since Discord gives a custom id 100 characters. */
export type ButtonAction = 'cancel' | 'check' | 'retry' | 'send' | 'export' | 'forget' | 'forget-now';

/** What a button's `custom_id` says: what to do, and to which row of the ledger (none for what concerns a person). */
export interface ButtonId {
  readonly action: ButtonAction;
  readonly subject: string | null;
}

const ACTIONS: Record<ButtonAction, true> = {
  cancel: true,
  check: true,
  retry: true,
  send: true,
  export: true,
  forget: true,
  'forget-now': true,
};

export function encodeButtonId({ action, subject }: ButtonId): string {
  return subject === null ? action : `${action}:${subject}`;
}

/** Null for what no version of the bot has made. */
export function decodeButtonId(customId: string): ButtonId | null {
  const [, action = '', subject = null] = /^([a-z-]+)(?::([\w-]+))?$/.exec(customId) ?? [];
  return Object.hasOwn(ACTIONS, action) ? { action: action as ButtonAction, subject } : null;
}
