import type { TaskReport } from '../jimmyai/client.ts';
import { isContentPolicy } from '../jimmyai/errors.ts';
import { transitions } from '../ledger/transitions.ts';
import { foretell, type Schedule } from '../polling/index.ts';
import type { ModelId } from '../request/models.ts';
import { type ExpectationDeps, expectReady, kindOfJob } from './expectation.ts';
import type { Job, LiveTask } from './job.ts';

export interface ReportDeps extends ExpectationDeps {
  readonly schedule: Schedule;
  readonly observer: {
    /** A task's image is ready: `tookMs` after the service took it, `unseenMs` before it was noticed. */
    noticed(model: ModelId, times: { readonly tookMs: number; readonly unseenMs: number }): void;
  };
}

/** The middle of the second that the service names. */
const HALF_A_SECOND_MS = 500;

/** Takes in what the service says of a task, which at `lookedAt` wasn't over yet. */
export async function takeIn(
  report: TaskReport,
  lookedAt: number,
  task: LiveTask,
  job: Job,
  deps: ReportDeps,
): Promise<void> {
  const { now } = deps;
  if (report.status === 'completed') {
    measure(report.completedAt, lookedAt, task, job, deps);
    return job.apply(task, transitions.complete(report.imageUrl, now()));
  }
  if (report.status === 'failed') {
    const words = report.reason;
    const reason = words && isContentPolicy(words) ? 'content-policy' : 'model-failed';
    job.log.info({ taskId: task.row.id, reason, words }, 'the task failed at the service');
    return job.apply(task, transitions.fail({ reason, words }, now()));
  }
  task.begun ||= report.status === 'running';
  if (report.progress !== null && report.progress > (task.progress?.percent ?? -1))
    noteProgress(report.progress, task, now());
  expectReady(task, job, deps);
  job.changed();
}

function noteProgress(percent: number, task: LiveTask, now: number): void {
  task.progress = { percent, at: now };
  const foretoldMs = foretell(percent, now - (task.row.submittedAt ?? now));
  if (foretoldMs !== null)
    task.foretold = { firstMs: task.foretold?.firstMs ?? foretoldMs, latestMs: foretoldMs };
}

/** Measures how long it took and how long nobody noticed, and learns from it when to ask the next time. */
function measure(
  completedAt: number | null,
  lookedAt: number,
  { row, foretold }: LiveTask,
  job: Job,
  { observer, schedule, now }: ReportDeps,
): void {
  // What was given up and is asked about again was ready whenever it was.
  if (row.submittedAt === null || row.watchedSince !== row.submittedAt) return;
  const unseenMs = unseenFor(completedAt, lookedAt, now());
  const ageMs = now() - row.submittedAt;
  observer.noticed(job.generation.request.model, { tookMs: ageMs - unseenMs, unseenMs });
  job.log.info({ taskId: row.id, tookMs: ageMs - unseenMs, unseenMs }, 'the image is ready');

  // Nobody looked while the bot was away: only the service can tell when it was.
  const isTold = completedAt !== null && completedAt > lookedAt && completedAt <= now();
  if (job.resumed && lookedAt === row.watchedSince && !isTold) return;
  const middleMs =
    completedAt === null ? unseenMs / 2 : unseenFor(completedAt + HALF_A_SECOND_MS, lookedAt, now());
  const tookMs = ageMs - middleMs;
  if (tookMs <= 0) return;
  schedule
    .learn(kindOfJob(job), { tookMs, foretoldMs: foretold?.firstMs ?? null })
    .catch((err: unknown) => job.log.warn({ err }, 'how long the task took could not be written down'));
}

/**
 * How long an image had been ready before it was noticed. At most since the last look, at which it wasn't: the
 * service's clock may differ, and it tells whole seconds, or nothing at all.
 */
export function unseenFor(completedAt: number | null, lookedAt: number, now: number): number {
  const gap = now - lookedAt;
  return completedAt === null ? gap : Math.min(Math.max(now - completedAt, 0), gap);
}
