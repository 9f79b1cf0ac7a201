import { isContentPolicy } from '../image-service/refusal-words.ts';
import type { TaskReport } from '../image-service/service.ts';
import { transitions } from '../ledger/transitions.ts';
import { foretell, type Schedule } from '../polling/index.ts';
import { makerOf } from '../request/billing.ts';
import { type ExpectationDeps, expectReady, kindOfJob } from './expectation.ts';
import type { Job, LiveTask } from './job.ts';

export interface ReportDeps extends ExpectationDeps {
  readonly schedule: Schedule;
  readonly observer: {
    /**
     * The image of a model or tool is ready: `tookMs` after the service accepted its task, `unseenMs` before it was
     * noticed.
     */
    noticed(maker: string, times: { readonly tookMs: number; readonly unseenMs: number }): void;
  };
}

/** The service names whole seconds; this is the middle of one. */
const HALF_A_SECOND_MS = 500;

/** Applies the service's report on a task that wasn't over yet at `lookedAt`. */
export async function applyReport(
  report: TaskReport,
  lookedAt: number,
  task: LiveTask,
  job: Job,
  deps: ReportDeps,
): Promise<void> {
  const { now } = deps;
  if (report.status === 'completed') {
    measure(report.completedAt, lookedAt, task, job, deps);
    return job.apply(task, transitions.complete(report.imageUrl, now(), report.cost));
  }
  if (report.status === 'failed') {
    const words = report.reason;
    const reason = words && isContentPolicy(words) ? 'content-policy' : 'model-failed';
    job.log.info({ taskId: task.row.id, reason, words }, 'the task failed at the service');
    return job.apply(task, transitions.fail({ reason, words }, now(), report.cost));
  }
  const cost = costSoFar(report.cost);
  if (cost !== undefined && cost !== task.row.cost) await job.apply(task, transitions.bill(cost));
  // One of its replicas may lag behind.
  if (task.said !== 'running') task.said = report.status;
  if (report.progress !== null && report.progress > (task.progress?.percent ?? -1))
    noteProgress(report.progress, task, now());
  expectReady(task, job, deps);
  job.changed();
}

/** The billed cost of a task that isn't over. The service reports nothing until it has billed the task. */
export function costSoFar(cost: number | undefined): number | undefined {
  return cost === 0 ? undefined : cost;
}

function noteProgress(percent: number, task: LiveTask, now: number): void {
  task.progress = { percent, at: now };
  const foretoldMs = foretell(percent, now - (task.row.submittedAt ?? now));
  if (foretoldMs !== null)
    task.foretold = { firstMs: task.foretold?.firstMs ?? foretoldMs, latestMs: foretoldMs };
}

/** Measures how long the task took and how long its image waited unseen; the schedule learns from it. */
export function measure(
  completedAt: number | null,
  lookedAt: number,
  { row, foretold }: LiveTask,
  job: Job,
  { observer, schedule, now }: ReportDeps,
): void {
  // A reopened task may have been ready long ago.
  if (row.submittedAt === null || (row.watchedSince ?? row.submittedAt) !== row.submittedAt) return;
  const unseenMs = unseenFor(completedAt, lookedAt, now());
  const ageMs = now() - row.submittedAt;
  observer.noticed(makerOf(job.generation.request), { tookMs: ageMs - unseenMs, unseenMs });
  job.log.info({ taskId: row.id, tookMs: ageMs - unseenMs, unseenMs }, 'the image is ready');

  // Nobody looked while the bot was down, so only the service can say when the image was ready.
  const isTold = completedAt !== null && completedAt > lookedAt && completedAt <= now();
  if (job.resumed && lookedAt === row.watchedSince && !isTold) return;
  const middleMs =
    completedAt === null ? unseenMs / 2 : unseenFor(completedAt + HALF_A_SECOND_MS, lookedAt, now());
  const tookMs = ageMs - middleMs;
  if (tookMs <= 0) return;
  schedule
    .learn(kindOfJob(job), { tookMs, foretoldMs: foretold?.firstMs ?? null })
    .catch((err: unknown) => job.log.warn({ err }, "the task's duration could not be stored"));
}

/**
 * How long an image had been ready before it was noticed, in milliseconds. At most the time since the last look, when
 * it wasn't ready: the service's clock may differ, and it names whole seconds, or nothing at all.
 */
export function unseenFor(completedAt: number | null, lookedAt: number, now: number): number {
  const gap = now - lookedAt;
  return completedAt === null ? gap : Math.min(Math.max(now - completedAt, 0), gap);
}
