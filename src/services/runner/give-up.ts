import { FetchError } from '../images/fetch.ts';
import { CannotFitError } from '../images/fit.ts';
import { NotAnImageError } from '../images/inspect.ts';
import { SERVICE_KEEPS_MS } from '../images/lifetime.ts';
import type { EndReason } from '../ledger/rows.ts';
import { steps } from '../ledger/steps.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveTask } from './job.ts';
import { keep } from './keep.ts';
import { takeStep } from './take-step.ts';

/**
 * Makes a completed task undeliverable, with the reason. What there is of its image is kept on disk, for /jobs: the
 * service's address dies. Throws what isn't about the image on: a bug, or the process stopping.
 */
export async function giveUp(task: LiveTask, error: unknown, job: Job, deps: RunnerDeps): Promise<void> {
  const reason = isStillKept(task, deps) ? reasonOf(error) : lateReasonOf(error);
  job.log.error({ err: error, taskId: task.row.id, reason }, 'the image can not be had or shown');
  await keep(task, job, deps);
  await takeStep(task, steps.giveUp(reason, wordsOf(error)), job, deps);
}

/**
 * Whether the service still has the image, by what it promises. The bot may have noticed only days later that it was made:
 * after an absence, for one.
 */
export function isStillKept({ row }: LiveTask, { now }: Pick<RunnerDeps, 'now'>): boolean {
  const submittedAt = row.submittedAt ?? Number.POSITIVE_INFINITY;
  const madeAt = Math.min(row.endedAt ?? Number.POSITIVE_INFINITY, submittedAt + LONGEST_TASK_MS);
  return now() - madeAt < SERVICE_KEEPS_MS;
}

/** No image takes the service longer than this, in milliseconds. */
const LONGEST_TASK_MS = 60 * 60_000;

/** Only now there is nothing left to check again. */
function lateReasonOf(error: unknown): EndReason {
  const reason = reasonOf(error);
  return reason === 'too-large' ? reason : 'image-expired';
}

/** What kind of image it is, where that is why. */
function wordsOf(error: unknown): string | null {
  return error instanceof NotAnImageError ? error.format : null;
}

function reasonOf(error: unknown): EndReason {
  if (error instanceof NotAnImageError)
    return error.kind === 'unsupported-format' || error.kind === 'too-many-pixels'
      ? 'image-unsupported'
      : 'image-broken';
  if (error instanceof CannotFitError) return 'too-large';
  if (!(error instanceof FetchError)) throw error;
  if (error.kind === 'gone') return 'image-gone';
  if (error.kind === 'too-large') return 'image-unsupported';
  return error.kind === 'forbidden' ? 'image-forbidden' : 'image-unreachable';
}
