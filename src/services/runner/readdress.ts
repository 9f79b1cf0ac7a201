import { JimmyAiError } from '../jimmyai/errors.ts';
import { steps } from '../ledger/steps.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveTask } from './job.ts';
import { takeStep } from './take-step.ts';

/** Asks the service where a completed task's image is now: an address that was signed for a while may have expired. */
export async function askForAddress(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  const { id, serviceTaskId, imageUrl, imageFile } = task.row;
  if (serviceTaskId === null || imageFile !== null) return;
  try {
    const report = await deps.service.queryImageTask(serviceTaskId, { log: job.log, signal: job.stopping });
    if (report.status !== 'completed' || report.imageUrl === imageUrl) return;
    job.log.info({ taskId: id }, 'the service names another address for the image');
    await takeStep(task, steps.readdress(report.imageUrl), job, deps);
  } catch (err) {
    if (!(err instanceof JimmyAiError)) throw err;
    job.stopping.throwIfAborted();
    job.log.warn({ err, taskId: id }, 'the service could not be asked where the image is');
  }
}
