import { barOf, isBeingMade } from '../services/generations/bar.ts';
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
  const { tool } = state.generation.request;
  if (tool && task.row.state === 'submitting')
    return [text.tool.working[tool.name], text.started(relativeTime(startOf(task, state)))];
  if (!isBeingMade(task)) {
    // While the service can't be reached, it is unknown whether the task still waits.
    if (task.trouble !== null) return [];
    if (!isQueued(task)) return [text.sending];
    return [text.queued, outlook(task, text, now)].filter((line) => line !== null);
  }
  const head = bar(task, BAR_CELLS.one, text) ?? text.working;
  return [head, joined(text.started(relativeTime(startOf(task, state))), outlook(task, text, now))];
}

function severalTasks(state: JobState, text: Text, now: number): string[] {
  const { tasks } = state;
  const begun = tasks.filter((task) => isBeingMade(task) || !isWaiting(task.row));
  const [first] = tasks;
  if (first && begun.length === 0)
    return oneTask(tasks.find(isQueued) ?? first, state, text, now).slice(0, 1);
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
  const { row } = task;
  if (hasImage(row)) return '✅';
  if (!isWaiting(row)) return `⚠️ ${text.state[row.state]}`;
  if (!isBeingMade(task)) return `⏳ ${text.state.reserved}`;
  const ready = outlook(task, text, now);
  const shown = bar(task, BAR_CELLS.each, text);
  return shown === null ? `🎨 ${ready ?? text.state.running}` : joined(shown, ready);
}

function isQueued({ row, said }: LiveTask): boolean {
  return row.state === 'running' && said === 'waiting';
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

/** Null where nobody can say how far it is. */
function bar(task: LiveTask, cells: number, text: Text): string | null {
  const shown = barOf(task);
  if (shown === null) return null;
  const filled = Math.floor((shown.percent / 100) * cells);
  const percent = shown.isEstimate ? text.about(shown.percent) : `${shown.percent}%`;
  return `${'▰'.repeat(filled)}${'▱'.repeat(cells - filled)} ${percent}`;
}
