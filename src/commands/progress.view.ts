import { outlookAt } from '../services/generations/expectation.ts';
import type { JobState } from '../services/generations/job.ts';
import { isWaiting } from '../services/ledger/transitions.ts';
import type { Place } from '../services/scheduler/fair-order.ts';
import { hasImage } from './facts.ts';
import { relativeTime } from './markdown.ts';
import type { Text } from './text/index.ts';

/** Shorter for several tasks, so that a line with a number still fits a phone. */
const BAR_CELLS = { one: 12, each: 8 };

type LiveTask = JobState['tasks'][number];

/** The lines for a generation that is still being served. */
export function progressLines(state: JobState, text: Text, now: number): string[] {
  const { tasks } = state;
  if (state.cancelling && tasks.some(({ row }) => isWaiting(row))) return [text.cancelling];
  if (state.place) return placeLines(state.place, text);
  const trouble = tasks.find((task) => task.trouble !== null)?.trouble;
  const [task] = tasks;
  const lines = tasks.length === 1 && task ? oneTask(task, state, text, now) : severalTasks(state, text, now);
  return trouble ? [text.trouble[trouble], ...lines] : lines;
}

function placeLines(place: Place, text: Text): string[] {
  return [`⏳ ${text.inLine(place)}`, ...(place.held ? [text.held[place.held]] : [])];
}

function oneTask(task: LiveTask, state: JobState, text: Text, now: number): string[] {
  if (task.row.state === 'completed') return [text.fetching];
  if (!isMade(task)) {
    if (isOutOfSight(task)) return [];
    return [text.queued, outlook(task, text, now)].filter((line) => line !== null);
  }
  const head = task.progress === null ? text.working : bar(task.progress.percent, BAR_CELLS.one);
  return [head, joined(text.started(relativeTime(startOf(task, state))), outlook(task, text, now))];
}

/** Whether the service works on it: a synchronous one has it while the create waits for the image. */
function isMade({ row, begun }: LiveTask): boolean {
  return begun && (row.state === 'running' || row.state === 'submitting');
}

/** Whether it waits in the queue isn't known while nobody can be asked. */
function isOutOfSight({ row, trouble }: LiveTask): boolean {
  return trouble !== null && row.state === 'running';
}

function severalTasks(state: JobState, text: Text, now: number): string[] {
  const { tasks } = state;
  const begun = tasks.filter((task) => task.begun || !isWaiting(task.row));
  if (begun.length === 0) return tasks.every(isOutOfSight) ? [] : [text.queued];
  const ready = tasks.filter(({ row }) => hasImage(row)).length;
  const started = relativeTime(Math.min(...begun.map((task) => startOf(task, state))));
  return [
    text.done(ready, tasks.length),
    ...tasks.map((task, index) => `\`${index + 1}\` ${briefly(task, text, now)}`),
    `-# ${text.started(started)}`,
  ];
}

/** One task's state in a line that fits a phone. */
function briefly(task: LiveTask, text: Text, now: number): string {
  const { row, progress } = task;
  if (hasImage(row)) return '✅';
  if (!isWaiting(row)) return `⚠️ ${text.state[row.state]}`;
  if (!isMade(task)) return `⏳ ${text.state.reserved}`;
  const ready = outlook(task, text, now);
  if (progress === null) return `🎨 ${ready ?? text.state.running}`;
  return joined(bar(progress.percent, BAR_CELLS.each), ready);
}

/** A countdown while it is well above zero; afterwards words, because Discord would count on into the past. */
function outlook({ readyAt }: LiveTask, text: Text, now: number): string | null {
  switch (outlookAt(readyAt, now)) {
    case 'expected':
      return text.expected(relativeTime(readyAt ?? now));
    case 'soon':
      return text.soon;
    case 'late':
      return text.overdue;
    case 'unknown':
      return null;
  }
}

function joined(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' · ');
}

function startOf({ row }: LiveTask, { generation }: JobState): number {
  return row.submittedAt ?? generation.createdAt;
}

function bar(percent: number, cells: number): string {
  const filled = Math.floor((percent / 100) * cells);
  return `${'▰'.repeat(filled)}${'▱'.repeat(cells - filled)} ${percent}%`;
}
