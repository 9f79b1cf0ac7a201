import type { APIEmbed } from 'discord.js';
import { estimateReadyAt } from '../services/estimate.ts';
import { type EndReason, referenceNumber } from '../services/ledger/rows.ts';
import { canReopen, isWaiting } from '../services/ledger/steps.ts';
import { modelOf, QUALITIES, RATIOS, RESOLUTIONS, typicalSeconds } from '../services/models.ts';
import type { ReplyView } from '../services/replies.ts';
import { qualityToSend } from '../services/request.ts';
import type { JobState } from '../services/runner/index.ts';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { type ButtonLook, buttonRow } from './components.ts';
import { literal, quote, relativeTime } from './markdown.ts';
import { en } from './text/en.ts';

/** As much of a prompt as fits a phone's screen; the whole of it is in the alt text and the ledger. */
const PROMPT_SHOWN_CHARACTERS = 600;
const WORDS_SHOWN_CHARACTERS = 300;
const LINK_MAX_CHARACTERS = 1000;
const BAR_CELLS = 12;

type TaskState = JobState['tasks'][number];

/** What a generation's reply shows: how far it is, its image's settings, or why there is none. Pure. */
export function renderGeneration(state: JobState, now: number): ReplyView {
  const [task] = state.tasks;
  if (!task) throw new Error('a generation has at least one task');
  const { prompt } = state.generation.request;
  const lines = [
    ...statusLines(state, task, now),
    literal(shorten(prompt.trim(), PROMPT_SHOWN_CHARACTERS)),
    ...notes(state, task).map((note) => `-# ${note}`),
  ];
  const embed: APIEmbed = {
    color: ACCENT,
    description: lines.join('\n'),
    footer: { text: settings(state, task) },
  };
  return { content: '', embeds: [embed], components: buttonRow(buttonsFor(state, task)) };
}

function statusLines(state: JobState, task: TaskState, now: number): string[] {
  const { row } = task;
  if (state.stage === 'restarting')
    return [row.state === 'submitting' ? en.restartUncertain : en.restart, ''];
  if (state.stage === 'broken') return [en.broken, reference(state), ''];
  if (state.cancelling && isWaiting(row)) return [en.cancelling, ''];
  const trouble = state.trouble ? [en.trouble[state.trouble]] : [];
  switch (row.state) {
    case 'reserved':
    case 'submitting':
      return [...trouble, en.queued, ''];
    case 'running':
      return [...trouble, ...(trouble.length && !task.begun ? [] : progressLines(state, task, now)), ''];
    case 'completed':
      return state.stage === 'final' ? [] : [...trouble, en.fetching, ''];
    case 'delivered':
      return [];
    default:
      return [...endedLines(state, task), ''];
  }
}

/** What a person can do about it; nothing while the bot itself can't go on. */
function buttonsFor(state: JobState, { row }: TaskState): ButtonLook[] {
  const subject = state.generation.id;
  if (state.stage === 'working') {
    return isWaiting(row) && !state.cancelling
      ? [{ action: 'cancel', subject, label: en.button.cancel }]
      : [];
  }
  if (state.stage !== 'final') return [];
  if (canReopen(row)) {
    return [{ action: 'check', subject, label: en.button.check, emoji: '🔎' }];
  }
  const canRetry = row.reason !== null && RETRIABLE.has(row.reason);
  return canRetry ? [{ action: 'retry', subject, label: en.button.retry, emoji: '🔁' }] : [];
}

/** What the same request may be spared the next time. The person decides: it may have been charged, or will be. */
const RETRIABLE: ReadonlySet<EndReason> = new Set([
  'outcome-unknown',
  'rate-limited',
  'unavailable',
  'unreachable',
  'unknown-answer',
  'model-failed',
  'task-unknown',
  'image-gone',
  'cancelled-unsent',
]);

function progressLines(state: JobState, task: TaskState, now: number): string[] {
  if (!task.begun) return [en.queued];
  const started = task.row.submittedAt ?? state.generation.createdAt;
  const typicalMs = typicalSeconds(state.generation.request) * 1000;
  const readyAt = estimateReadyAt(started, typicalMs, task.progress);
  const ready = readyAt > now ? en.ready(relativeTime(readyAt)) : en.overdue;
  const head = task.progress === null ? en.working : bar(task.progress.percent);
  return [head, `${en.started(relativeTime(started))} · ${ready}`];
}

function bar(percent: number): string {
  const filled = Math.floor((percent / 100) * BAR_CELLS);
  return `${'▰'.repeat(filled)}${'▱'.repeat(BAR_CELLS - filled)} ${percent}%`;
}

function endedLines(state: JobState, { row }: TaskState): string[] {
  const reason = row.reason ?? 'model-failed';
  // Nothing went wrong where the person decided it.
  if (row.state === 'cancelled') return [`✖️ ${en.ended(reason, null)}`];
  const aboutReference = reason.startsWith('reference-');
  const sentence = `⚠️ ${en.ended(reason, aboutReference ? row.serviceWords : null)}`;
  const words = aboutReference ? null : row.serviceWords;
  return [
    sentence,
    ...(words ? [quote(shorten(words, WORDS_SHOWN_CHARACTERS))] : []),
    ...original(row),
    reference(state),
  ];
}

function reference(state: JobState): string {
  return `-# ${en.reference(referenceNumber(state.generation.id))}`;
}

function notes(state: JobState, { row, change }: TaskState): string[] {
  const { model, quality } = state.generation.request;
  return [
    ...(quality && !modelOf(model).takesQuality ? [en.qualityIgnored(model)] : []),
    ...(change ? [[changeNote(change), ...original(row)].join(' ')] : []),
  ];
}

/** A link to the image at the service, where it leads somewhere that a person may be sent to. */
function original({ imageUrl, reason }: TaskState['row']): string[] {
  const url = imageUrl === null ? null : URL.parse(imageUrl);
  if (!url || url.username || url.href.length > LINK_MAX_CHARACTERS) return [];
  if (reason === 'image-gone' || reason === 'image-forbidden') return [];
  return [en.original(url.href.replaceAll('(', '%28').replaceAll(')', '%29'))];
}

function changeNote(change: NonNullable<TaskState['change']>): string {
  switch (change.kind) {
    case 'lossless-webp':
      return en.converted;
    case 'webp-quality':
      return en.compressed(change.quality);
    case 'smaller':
      return en.shrunk(change.width, change.height);
  }
}

function settings({ generation, references }: JobState, { row }: TaskState): string {
  const { request } = generation;
  const quality = qualityToSend(request);
  const duration = row.state === 'completed' || row.state === 'delivered' ? seconds(row) : null;
  return [
    modelOf(request.model).label,
    request.ratio === 'auto' ? RATIOS.auto.split(' · ')[0] : request.ratio,
    RESOLUTIONS[request.resolution],
    quality && QUALITIES[quality],
    references > 0 && en.references(references),
    duration,
  ]
    .filter(Boolean)
    .join(' · ');
}

function seconds({ submittedAt, endedAt, watchedSince }: TaskState['row']): string | null {
  // Nobody knows when an image was finished that was only asked about again later.
  if (submittedAt === null || endedAt === null || watchedSince !== submittedAt) return null;
  const total = Math.max(1, Math.round((endedAt - submittedAt) / 1000));
  return total < 60 ? `${total} s` : `${Math.floor(total / 60)} min ${total % 60} s`;
}
