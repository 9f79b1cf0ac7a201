import type { Message } from '../../sandbox/discord/index.ts';
import { en } from '../../src/commands/text/en.ts';

/** Prompts are numbered, so that creates, tasks and messages show their generation. */
export function promptOf(number: number): string {
  return `fox ${number}`;
}

/** The prompt that a message of the bot is about; null where it names none. */
export function promptIn(message: Message): string | null {
  return /\bfox \d+\b/.exec(textOf(message))?.[0] ?? null;
}

/** Whether a message is final: it shows the image or a reason, and promises nothing more. */
export function isLastWord(message: Message): boolean {
  const text = textOf(message);
  if (
    /\d%|\d of \d images ready|\d\w\w in line/.test(text) ||
    UNFINISHED.some((words) => text.includes(words))
  )
    return false;
  return (
    message.attachments.length > 0 ||
    text.includes(en.reference('')) ||
    saysCancelled(message) ||
    [en.databaseAway, en.stopping, ...NOT_STARTED].some((words) => text.includes(words))
  );
}

/** Whether it says that the person no longer wanted it. */
export function saysCancelled(message: Message): boolean {
  const text = textOf(message);
  return text.includes(en.ended['cancelled-unsent']) || text.includes(en.ended['cancelled-sent']);
}

/** Whether it says that the outcome of the create is unknown. */
export function saysUnconfirmed(message: Message): boolean {
  return textOf(message).includes(en.ended['outcome-unknown']);
}

/** For how many of its images the message says that they were not charged. */
export function uncharged(message: Message, count: number): number {
  const text = textOf(message);
  if (NOT_STARTED.some((words) => text.includes(words))) return count;
  const sentences = text.split('Nothing was charged.').length - 1;
  // A single sentence without a number is about all images.
  return sentences === 1 && !/Image \d:/.test(text) ? count : sentences;
}

export function textOf({ content, embeds }: Message): string {
  return [content, ...embeds.map(({ description }) => description)].filter(Boolean).join('\n');
}

/** Refusals of a request that couldn't be stored, which say that nothing was charged. */
const NOT_STARTED = [en.storageAway, en.storageBusy, en.noStorage];

const UNFINISHED = [
  en.sending,
  en.queued,
  en.working,
  en.fetching,
  en.restart,
  en.restartUncertain,
  en.broken,
  ...Object.values(en.trouble),
];
