import { FetchError } from '../images/fetch.ts';
import { NotAnImageError } from '../images/inspect.ts';
import { partOf } from '../images/mend.ts';
import { steps } from '../ledger/steps.ts';
import type { RunnerDeps } from './deps.ts';
import { isStillKept } from './give-up.ts';
import { letGo } from './hold.ts';
import { imageAddress } from './image-address.ts';
import type { Job, LiveTask } from './job.ts';
import { keep } from './keep.ts';
import { takeStep } from './take-step.ts';

/** Whether the reply shows what came of the image, and why that is not all. */
export function isInPart({ row }: LiveTask): boolean {
  return row.state === 'undeliverable' && row.reason === 'image-in-part' && row.imageFile !== null;
}

/**
 * Puts what there is of an image that never came whole on disk, and makes its task undeliverable for that: the reply
 * shows the part, and the whole can still be checked for. False where there is nothing to be seen, or no room on disk.
 */
export async function giveUpInPart(task: LiveTask, job: Job, deps: RunnerDeps): Promise<boolean> {
  if (!isStillKept(task, deps)) return false;
  await deps.room.enter([task], job.stopping, job.generation.userId);
  try {
    const address = await imageAddress(task.row, job, deps);
    const bytes = await deps.fetcher.result(address, { signal: job.stopping });
    task.image = await partOf(bytes, job.generation.userId);
    await keep(task, job, deps);
  } catch (err) {
    if (!(err instanceof FetchError || err instanceof NotAnImageError)) throw err;
    job.log.info({ err, taskId: task.row.id }, 'no part of the image can be shown');
  } finally {
    letGo([task], deps);
    deps.room.leave(task);
  }
  if (task.row.imageFile === null) return false;
  job.log.error({ taskId: task.row.id }, 'only a part of the image can be had; it is shown');
  await takeStep(task, steps.giveUp('image-in-part'), job, deps);
  return true;
}
