import { FetchError } from '../images/fetch.ts';
import { CannotFitError } from '../images/fit.ts';
import { NotAnImageError } from '../images/inspect.ts';
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
  const reason = reasonOf(error);
  job.log.error({ err: error, taskId: task.row.id, reason }, 'the image can not be had or shown');
  await keep(task, job, deps);
  await takeStep(task, steps.giveUp(reason), job, deps);
}

function reasonOf(error: unknown): EndReason {
  if (error instanceof NotAnImageError) return 'image-broken';
  if (error instanceof CannotFitError) return 'too-large';
  if (!(error instanceof FetchError)) throw error;
  if (error.kind === 'gone') return 'image-gone';
  return error.kind === 'forbidden' ? 'image-forbidden' : 'image-unreachable';
}
