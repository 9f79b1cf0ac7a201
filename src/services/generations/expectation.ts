import { countReferences } from '../ledger/rows.ts';
import { isWaiting } from '../ledger/transitions.ts';
import { kindOf, type Schedule, type Underway } from '../polling/index.ts';
import type { Job, LiveTask } from './job.ts';

export interface ExpectationDeps {
  readonly schedule: Pick<Schedule, 'readyAtMs' | 'pauseMs'>;
  readonly now: () => number;
}

/** The shown time changes only when it is off by more than this share of the remaining time, to spare small edits. */
const WORTH_SHOWING = 0.15;
const MOST_LIKELY = 0.95;

export function kindOfJob({ generation, references }: Job): string {
  return kindOf(generation.request, countReferences(references));
}

/** Updates the time at which a running task is expected to be ready. */
export function expectReady(task: LiveTask, job: Job, { schedule, now }: ExpectationDeps): void {
  const kind = kindOfJob(job);
  const readyAtMs = schedule.readyAtMs(kind, underway(task, now()));
  if (readyAtMs === null) {
    // No time is predicted for a late task, nor for a kind without known durations, which can't be late.
    const isLate = schedule.readyAtMs(kind, { ageMs: 0, foretoldMs: null }) !== null;
    task.readyAt = isLate ? Math.min(task.readyAt ?? now(), now() - LATE_AFTER_MS) : null;
    return;
  }
  const readyAt = (task.row.submittedAt ?? now()) + readyAtMs;
  if (!isAboutTheSame(task.readyAt, readyAt, now())) task.readyAt = readyAt;
}

/** An edit takes a moment, in which a countdown would run below zero. */
const SOON_MS = 3000;
/** A task that is only this late may be ready, although the bot hasn't asked yet. */
const LATE_AFTER_MS = 10_000;

/** The outlook for a task: a time, any moment now, longer than usual, or unknown. */
export type Outlook = 'expected' | 'soon' | 'late' | 'unknown';

export function outlookAt(readyAt: number | null, now: number): Outlook {
  if (readyAt === null) return 'unknown';
  if (now >= readyAt + LATE_AFTER_MS) return 'late';
  return now >= readyAt - SOON_MS ? 'soon' : 'expected';
}

/** How long until time alone changes the outlook for one of the tasks; null if it changes none. */
export function outlookChangesInMs(
  tasks: readonly Pick<LiveTask, 'row' | 'readyAt'>[],
  now: number,
): number | null {
  const changes = tasks
    .filter(({ row }) => isWaiting(row))
    .flatMap(({ readyAt }) => (readyAt === null ? [] : [readyAt - SOON_MS, readyAt + LATE_AFTER_MS]))
    .filter((at) => at > now);
  return changes.length > 0 ? Math.min(...changes) - now : null;
}

/** When the service is most likely done with a task, even one that nobody waits for, in milliseconds since the epoch. */
export function busyUntil(
  task: LiveTask,
  job: Job,
  { schedule, now, taskDeadlineMs }: ExpectationDeps & { readonly taskDeadlineMs: number },
): number {
  const submittedAt = task.row.submittedAt ?? now();
  const ageMs = schedule.readyAtMs(kindOfJob(job), underway(task, now()), MOST_LIKELY);
  return submittedAt + Math.ceil(Math.min(ageMs ?? taskDeadlineMs, taskDeadlineMs));
}

/** When the slowest of the job's images is expected, in milliseconds since the epoch; null when unknown. */
export function endOf({ tasks }: Job): number | null {
  const ends = tasks.filter(({ row }) => isWaiting(row)).map(({ readyAt }) => readyAt);
  const known = ends.filter((end) => end !== null);
  return known.length > 0 && known.length === ends.length ? Math.max(...known) : null;
}

/** How long to wait before the task is asked about again, in milliseconds. */
export function pauseBefore(task: LiveTask, job: Job, { schedule, now }: ExpectationDeps): number {
  return schedule.pauseMs(kindOfJob(job), underway(task, now()));
}

function underway({ row, foretold }: LiveTask, now: number): Underway {
  const ageMs = Math.max(0, now - (row.submittedAt ?? now));
  return { ageMs, foretoldMs: foretold?.latestMs ?? null };
}

function isAboutTheSame(shown: number | null, next: number, now: number): boolean {
  if (shown === null || shown <= now) return false;
  return Math.abs(next - shown) < WORTH_SHOWING * (shown - now);
}
