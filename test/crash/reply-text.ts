import type { Message } from '../../sandbox/discord/index.ts';
import { en } from '../../src/commands/text/en.ts';
import { type PictureTool, TOOLS } from '../../src/services/request/tools.ts';

/** Prompts are numbered, so that creates, tasks and messages show their generation. */
export function promptOf(number: number): string {
  return `fox ${number}`;
}

export type ToolName = PictureTool['name'];
export const PICTURE_TOOLS: readonly ToolName[] = ['upscale', 'remove-bg'];

/** What a person asked a tool for: nobody asks for the same twice. */
export function toolSubject(tool: ToolName, messageId: string): string {
  return `${tool} of message ${messageId}`;
}

export function isOfTool(subject: string): boolean {
  return PICTURE_TOOLS.some((tool) => subject.startsWith(`${tool} of `));
}

/** What a message of the bot is about: a prompt, or a tool and the message with its source. Null where it names neither. */
export function subjectIn(message: Message): string | null {
  const text = textOf(message);
  const facts = message.embeds.map(({ footer }) => footer?.text ?? '').join();
  const tool = PICTURE_TOOLS.find((each) => facts.startsWith(MADE[each]));
  const source = /\/channels\/[^/]+\/\d+\/(\d+)\)/.exec(text)?.[1];
  if (tool && source) return toolSubject(tool, source);
  return /\bfox \d+\b/.exec(text)?.[0] ?? null;
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
    showsWords(message) ||
    text.includes(en.reference('')) ||
    saysCancelled(message) ||
    [...NOT_NOW, ...NOT_STARTED].some((words) => text.includes(words))
  );
}

/** Whether it says that the person no longer wanted it. */
export function saysCancelled(message: Message): boolean {
  const text = textOf(message);
  return text.includes(en.ended['cancelled-unsent']) || text.includes(en.ended['cancelled-sent']);
}

/** Whether it says that the outcome of the create is unknown. */
export function saysUnconfirmed(message: Message): boolean {
  const text = textOf(message);
  return [en.ended, en.tool.noAnswer].some((words) => text.includes(words['outcome-unknown']));
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

/** Whether it shows a prompt as the sandbox's model rewrites it. */
export function showsWords(message: Message): boolean {
  return textOf(message).includes(', golden hour');
}

/** Whether it says that nothing can be looked up now. */
export function saysDatabaseAway(message: Message): boolean {
  return textOf(message).includes(en.databaseAway);
}

/** Whether it says that a tool, or its menu, isn't offered. */
export function saysNotOffered(message: Message): boolean {
  const text = textOf(message);
  return NOT_OFFERED.some((words) => text.includes(words));
}

/** The first words of the facts below a tool's picture. */
const MADE = {
  upscale: en.tool.made({ name: 'upscale', factor: 2 }).split(' ')[0] ?? '',
  'remove-bg': en.tool.made({ name: 'remove-bg' }),
} satisfies Record<ToolName, string>;

const NOT_OFFERED = [
  ...TOOLS.map((tool) => en.problem({ kind: 'tool-not-offered', tool })),
  en.unknownCommand,
];

/** Answers to a press that begins nothing. A draft is gone where an earlier delivery of the same press has used it. */
const NOT_NOW = [
  en.databaseAway,
  en.stopping,
  en.forgotten,
  en.wayTaken,
  en.tool.tooManyAnswers(0).split('.')[0] ?? '',
  ...NOT_OFFERED,
];

/** Refusals of a request that couldn't be stored, which say that nothing was charged. */
const NOT_STARTED = [en.storageAway, en.storageBusy, en.noStorage];

const UNFINISHED = [
  en.sending,
  en.queued,
  en.working,
  ...Object.values(en.tool.working),
  en.fetching,
  en.restart,
  en.tool.restart,
  en.restartUncertain,
  en.broken,
  ...Object.values(en.trouble),
];
