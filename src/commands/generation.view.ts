import type { APIEmbed } from 'discord.js';
import { TOKEN_LIFE_MS } from '../services/discord/limits.ts';
import type { Placed } from '../services/discord/replies.ts';
import type { ReplyView } from '../services/discord/reply-message.ts';
import type { JobState } from '../services/generations/job.ts';
import type { Task } from '../services/ledger/rows.ts';
import { isWaiting } from '../services/ledger/transitions.ts';
import { modelOf } from '../services/request/models.ts';
import { isTextTool, type Tool } from '../services/request/tools.ts';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { type ButtonRow, buttonRows } from './components.ts';
import { endingLines, originalLink, referenceLine } from './ending.view.ts';
import { factsLine, hasImage, readFault } from './facts.ts';
import { literal } from './markdown.ts';
import { replyUrl } from './message-link.ts';
import { buttonsWhileWaiting, nextRows } from './next-buttons.ts';
import { progressLines } from './progress.view.ts';
import { type Text, textFor } from './text/index.ts';
import { renderWords } from './tools/words.view.ts';

/** Fits a phone's screen. The alt text and the ledger have the rest of the prompt. */
const PROMPT_SHOWN_CHARACTERS = 600;
const DESCRIPTION_MAX_CHARACTERS = 4096;

type LiveTask = JobState['tasks'][number];

/**
 * Shows a generation's progress, the settings of its images or its words, or why there are none, with buttons for the tools that are
 * offered. Pure.
 */
export function renderGeneration(given: JobState, now: number, tools: readonly Tool[] = []): ReplyView {
  const isBare = given.stage === 'bare' || given.stage === 'moved';
  const state = isBare ? withoutForeignText(given) : given;
  const text = textFor(state.generation.locale);
  const { prompt, tool } = state.generation.request;
  if (state.stage === 'final' && isTextTool(tool)) return renderWords(state, tool, text);
  const status = statusLines(state, text, now);
  const above = status.length > 0 ? [...status, ''] : [];
  const below = notes(state, text, now).map((note) => `-# ${note}`);
  const room = DESCRIPTION_MAX_CHARACTERS - [...above, '', ...below].join('\n').length;
  const shown = shorten(literal(shorten(prompt.trim(), PROMPT_SHOWN_CHARACTERS)), room);
  const lines = [...above, shown, ...below];
  const tasks = state.tasks.map(({ row }) => row);
  const embed: APIEmbed = {
    color: ACCENT,
    description: lines.join('\n'),
    footer: { text: factsLine(state.generation, { references: state.references, tasks }, text) },
  };
  return { content: '', embeds: [embed], components: rowsFor(given, text, tools) };
}

/** Without what a person or the service wrote, and without links. */
function withoutForeignText(state: JobState): JobState {
  const { generation, tasks } = state;
  return {
    ...state,
    generation: { ...generation, parentUrl: null, request: { ...generation.request, prompt: '' } },
    tasks: tasks.map(({ row, ...task }) => ({ ...task, row: withoutWords(row) })),
  };
}

/** For a reference that couldn't be used, the bot itself has stored its number there. */
function withoutWords(row: Task): Task {
  return { ...row, imageUrl: null, serviceWords: readFault(row) && row.serviceWords };
}

/** The notice for the person beside a finished reply. */
export function renderNotice({ generation, tasks }: JobState, reply: Placed): string {
  const { notice } = textFor(generation.locale);
  const url = replyUrl({ ...generation, message: reply });
  if (tasks.some(({ row }) => row.answer !== null)) return notice.answered(url);
  const images = tasks.filter(({ row }) => hasImage(row)).length;
  return images > 0 ? notice.done(images, url) : notice.ended(url);
}

function statusLines(state: JobState, text: Text, now: number): string[] {
  switch (state.stage) {
    case 'restarting':
      return [restartLine(state, text)];
    case 'broken':
      return [text.broken, referenceLine(state, text)];
    case 'final':
      return endingLines(state, text);
    case 'bare':
      return [...endingLines(state, text), text.textRefused];
    case 'moved':
      return [text.moved];
    default:
      return progressLines(state, text, now);
  }
}

function restartLine({ generation, tasks }: JobState, text: Text): string {
  if (tasks.some(({ row }) => row.state === 'submitting')) return text.restartUncertain;
  return isTextTool(generation.request.tool) ? text.tool.restart : text.restart;
}

/** The buttons of a reply; none while the bot itself can't continue. */
function rowsFor(state: JobState, text: Text, tools: readonly Tool[]): ButtonRow[] {
  if (state.stage === 'working') return buttonRows(buttonsWhileWaiting(state, text));
  if (state.stage !== 'final' && state.stage !== 'bare') return [];
  const tasks = state.tasks.map(({ row }) => row);
  return nextRows({ generation: state.generation, tasks }, text, tools);
}

function notes(state: JobState, text: Text, now: number): string[] {
  const { generation, tasks, stage } = state;
  const { model, quality, tool } = generation.request;
  const isNamed = generation.named || generation.private;
  return [
    // A mention inside an embed notifies nobody.
    ...(isNamed ? [] : [text.by(generation.userId)]),
    ...(generation.adapted ? [text.adapted] : []),
    ...(!tool && quality && modelOf(model).qualities.length === 0 ? [text.qualityIgnored(model)] : []),
    ...tasks.flatMap((task, index) => changeNote(task, tasks.length > 1 ? index + 1 : null, text)),
    ...(generation.parentUrl ? [text.madeFrom(generation.parentUrl)] : []),
    ...(stage === 'working' && mayOutlastReply(state, now) ? [text.notLasting] : []),
  ];
}

/**
 * Whether the image may finish after the bot loses access to the reply. Nobody knows how long a queue or an outage
 * lasts.
 */
function mayOutlastReply({ generation, tasks, place }: JobState, now: number): boolean {
  if (generation.lasting) return false;
  const waiting = tasks.filter(({ row }) => isWaiting(row));
  const isOpen = place !== null || waiting.some(({ trouble }) => trouble !== null);
  const expectedAt = Math.max(now, ...waiting.map(({ readyAt }) => readyAt ?? now));
  return isOpen || expectedAt > generation.tokenAt + TOKEN_LIFE_MS / 2;
}

function changeNote({ row, change }: LiveTask, number: number | null, text: Text): string[] {
  if (!change) return [];
  const words = changeWords(change, text);
  if (number === null) return [[words, ...originalLink(row, 'one', text)].join(' ')];
  return [[text.image(number, words), ...originalLink(row, 'each', text)].join(' ')];
}

function changeWords(change: NonNullable<LiveTask['change']>, text: Text): string {
  switch (change.kind) {
    case 'lossless-webp':
      return text.converted;
    case 'webp-quality':
      return text.compressed(change.quality);
    case 'smaller':
      return text.shrunk(change.width, change.height);
  }
}
