import type { Message } from '../../sandbox/discord/index.ts';
import type { RecordedRequest, Task } from '../../sandbox/jimmyai/index.ts';
import type { Asked } from './demand.ts';
import { isLastWord, promptIn, saysCancelled, saysUnconfirmed, textOf, uncharged } from './reply-text.ts';

/** The bot's behaviour as the service, Discord and the people saw it. */
export interface Witnesses {
  readonly asked: readonly Asked[];
  /** The bot's messages. */
  readonly messages: readonly Message[];
  /** The creates that the service got. */
  readonly creates: readonly RecordedRequest[];
  readonly tasks: readonly Task[];
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
  const byPrompt = {
    creates: Map.groupBy(witnesses.creates, ({ body }) => (body as { prompt: string }).prompt),
    tasks: Map.groupBy(witnesses.tasks, ({ request }) => request.prompt),
    messages: Map.groupBy(witnesses.messages, promptIn),
  };
  for (const asked of witnesses.asked) {
    const { prompt } = asked;
    const creates = byPrompt.creates.get(prompt) ?? [];
    const tasks = byPrompt.tasks.get(prompt) ?? [];
    const messages = withReply(byPrompt.messages.get(prompt) ?? [], asked);
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
  { prompt, count, interaction }: Asked,
  creates: readonly RecordedRequest[],
  tasks: readonly Task[],
  { duplicates, unannounced }: Verdict,
): void {
  if (tasks.length > count || creates.filter((create) => !isRefusal(create)).length > count) {
    const answers = creates.map(({ status, code }) => `HTTP ${status} code ${code}`).join(', ');
    duplicates.push(`${prompt}: ${creates.length} creates (${answers}), ${tasks.length} tasks`);
  }
  const deferredAt = interaction.history[0]?.at ?? Number.POSITIVE_INFINITY;
  if (creates.some(({ at }) => at < deferredAt)) unannounced.push(prompt);
}

/** Whether the service certainly refused the create; only then another one is allowed. */
function isRefusal({ path, status, code }: RecordedRequest): boolean {
  // With OpenAI's API, a 503 may come from a proxy while the work goes on behind it.
  if (path.startsWith('/v1/')) return status !== null && status >= 400 && status < 500 && status !== 408;
  return status === 429 || status === 503 || String(code) === '-1';
}

function judgeMessages(
  { prompt, count, interaction }: Asked,
  messages: readonly Message[],
  tasks: readonly Task[],
  { lost, stuck, doubleMessages, untrue }: Verdict,
): void {
  const isAccepted = interaction.history.length > 0;
  if (isAccepted && messages.length === 0) lost.push(`${prompt}: no message`);
  if (messages.length > 1) doubleMessages.push([prompt, ...messages.map(textOf)].join('\n'));
  for (const message of messages.filter((candidate) => !isLastWord(candidate))) {
    stuck.push(`${prompt}: ${textOf(message) || 'still thinking'}`);
  }
  const charged = tasks.filter(({ status }) => status !== 'failed').length;
  if (messages.some((message) => charged + uncharged(message, count) > count)) untrue.push(prompt);
}

function judgeImages(
  message: Message,
  { prompt }: Asked,
  tasks: readonly Task[],
  taskDeadlineMs: number,
  { lost, untrue }: Verdict,
): void {
  const images = message.attachments.length;
  const made = tasks.filter(({ status }) => status === 'completed').length;
  if (images > made) untrue.push(`${prompt}: ${images} images of ${made} tasks`);
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
  lost.push(`${prompt}: ${images} images of tasks ${known.join(', ')}: ${textOf(message)}`);
}

function isDeliverable(task: Task, taskDeadlineMs: number): boolean {
  const inTime = task.endsAt - task.createdAt < taskDeadlineMs;
  return task.status === 'completed' && inTime && !UNSHOWABLE.has(task.misbehaviour?.kind ?? '');
}

const UNSHOWABLE: ReadonlySet<string> = new Set([
  'no-image-url',
  'not-an-image',
  'truncated-image',
  'expired-image',
]);
