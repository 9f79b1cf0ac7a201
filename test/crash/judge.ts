import type { Message } from '../../sandbox/discord/index.ts';
import type { RecordedRequest, Task } from '../../sandbox/jimmyai/index.ts';
import type { Asked } from './demand.ts';
import {
  isLastWord,
  saysCancelled,
  saysUnconfirmed,
  showsWords,
  subjectIn,
  textOf,
  uncharged,
} from './reply-text.ts';

/** A paid request that the service got: a create, or the call of a tool. */
export type Sent = Pick<RecordedRequest, 'at' | 'path' | 'status' | 'code'> & { readonly subject: string };

/** What the service made of one: a task, or at once what a tool makes. */
export type Work = Pick<
  Task,
  'id' | 'status' | 'createdAt' | 'endsAt' | 'queries' | 'downloads' | 'misbehaviour'
> & { readonly subject: string };

/** The bot's behaviour as the service, Discord and the people saw it. */
export interface Witnesses {
  readonly asked: readonly Asked[];
  /** The bot's messages. */
  readonly messages: readonly Message[];
  readonly sent: readonly Sent[];
  readonly work: readonly Work[];
  readonly taskDeadlineMs: number;
}

/** The broken promises, one line each, by the name of the promise. */
export interface Verdict {
  /** A create sent again although the service may have accepted an earlier one. */
  readonly duplicates: string[];
  /** A create before Discord had accepted the deferred reply. */
  readonly unannounced: string[];
  /** A generation without a message, or without an image that the service had for it. */
  readonly lost: string[];
  /** A message that still promises an image. */
  readonly stuck: string[];
  readonly doubleMessages: string[];
  /** "Nothing was charged" although the service made and charged a task, or more images than tasks. */
  readonly untrue: string[];
}

/** Checks the bot's promises by the witnesses, not by its own ledger. Pure. */
export function judge(witnesses: Witnesses): Verdict {
  const verdict: Verdict = {
    duplicates: [],
    unannounced: [],
    lost: [],
    stuck: [],
    doubleMessages: [],
    untrue: [],
  };
  const bySubject = {
    sent: Map.groupBy(witnesses.sent, ({ subject }) => subject),
    work: Map.groupBy(witnesses.work, ({ subject }) => subject),
    messages: Map.groupBy(witnesses.messages, subjectIn),
  };
  for (const asked of witnesses.asked) {
    const { subject } = asked;
    const creates = bySubject.sent.get(subject) ?? [];
    const tasks = bySubject.work.get(subject) ?? [];
    const messages = withReply(bySubject.messages.get(subject) ?? [], asked);
    judgeCreates(asked, creates, tasks, verdict);
    judgeMessages(asked, messages, tasks, verdict);
    const [message] = messages;
    if (message) judgeImages(message, asked, tasks, witnesses.taskDeadlineMs, verdict);
  }
  return verdict;
}

/** Adds the reply itself, since a reply that was never edited names no prompt. */
function withReply(messages: readonly Message[], { interaction }: Asked): readonly Message[] {
  const reply = interaction.message();
  return reply && !messages.some(({ id }) => id === reply.id) ? [reply, ...messages] : messages;
}

function judgeCreates(
  { subject, count, interaction }: Asked,
  creates: readonly Sent[],
  tasks: readonly Work[],
  { duplicates, unannounced }: Verdict,
): void {
  if (tasks.length > count || creates.filter((create) => !isRefusal(create)).length > count) {
    const answers = creates.map(({ status, code }) => `HTTP ${status} code ${code}`).join(', ');
    duplicates.push(`${subject}: ${creates.length} creates (${answers}), ${tasks.length} tasks`);
  }
  const deferredAt = interaction.history[0]?.at ?? Number.POSITIVE_INFINITY;
  if (creates.some(({ at }) => at < deferredAt)) unannounced.push(subject);
}

/** Whether the service certainly refused the create; only then another one is allowed. */
function isRefusal({ path, status, code }: Sent): boolean {
  // With OpenAI's API, a 503 may come from a proxy while the work goes on behind it.
  if (path.startsWith('/v1/')) return status !== null && status >= 400 && status < 500 && status !== 408;
  return status === 429 || status === 503 || String(code) === '-1';
}

function judgeMessages(
  { subject, count, interaction }: Asked,
  messages: readonly Message[],
  tasks: readonly Work[],
  { lost, stuck, doubleMessages, untrue }: Verdict,
): void {
  const isAccepted = interaction.history.length > 0;
  if (isAccepted && messages.length === 0) lost.push(`${subject}: no message`);
  if (messages.length > 1) doubleMessages.push([subject, ...messages.map(textOf)].join('\n'));
  for (const message of messages.filter((candidate) => !isLastWord(candidate))) {
    stuck.push(`${subject}: ${textOf(message) || 'still thinking'}`);
  }
  const charged = tasks.filter(({ status }) => status !== 'failed').length;
  if (messages.some((message) => charged + uncharged(message, count) > count)) untrue.push(subject);
}

function judgeImages(
  message: Message,
  { subject }: Asked,
  tasks: readonly Work[],
  taskDeadlineMs: number,
  { lost, untrue }: Verdict,
): void {
  // A prompt that a model has rewritten comes instead of an image.
  const images = message.attachments.length + (showsWords(message) ? 1 : 0);
  const made = tasks.filter(({ status }) => status === 'completed').length;
  if (images > made) untrue.push(`${subject}: ${images} images of ${made} tasks`);
  const expected = tasks.filter(
    (task) =>
      isDeliverable(task, taskDeadlineMs) &&
      // The bot never asks about a task whose id didn't arrive, or was lost with the process.
      !(task.queries === 0 && saysUnconfirmed(message)),
  );
  if (images >= expected.length || saysCancelled(message)) return;
  const known = expected.map(
    ({ id, queries, downloads }) => `${id} (${queries} queries, ${downloads} downloads)`,
  );
  lost.push(`${subject}: ${images} images of tasks ${known.join(', ')}: ${textOf(message)}`);
}

function isDeliverable(task: Work, taskDeadlineMs: number): boolean {
  const inTime = task.endsAt - task.createdAt < taskDeadlineMs;
  return task.status === 'completed' && inTime && !UNSHOWABLE.has(task.misbehaviour?.kind ?? '');
}

const UNSHOWABLE: ReadonlySet<string> = new Set([
  'no-image-url',
  'not-an-image',
  'truncated-image',
  'expired-image',
]);
