import { FetchError } from '../images/fetch.ts';
import { NotAnImageError } from '../images/inspect.ts';
import { steps } from '../ledger/steps.ts';
import { bring, FETCH_TRIES } from './bring.ts';
import type { RunnerDeps } from './deps.ts';
import { giveUp } from './give-up.ts';
import { putAside } from './hold.ts';
import { type Job, type LiveImage, type LiveTask, setTrouble } from './job.ts';
import { save } from './keep.ts';
import { patiently } from './patience.ts';
import { takeStep } from './take-step.ts';

/** The last one repeats. */
const FETCH_PAUSES_MS = [1000, 3000, 10_000, 30_000, 60_000] as const;
/** An image that is broken, or gone as soon as it was announced, is seldom so by the way it came. */
const HOPELESS_TRIES = 2;

/**
 * Brings a completed task's image home. An only image stays in memory, since it goes out next: it is put on disk where
 * that takes longer, because the service's address dies. Others wait on disk for their like, or in memory where the
 * disk can't be written. An image that can't be had makes the task undeliverable, with the reason.
 */
export async function collect(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  const isOnly = job.tasks.length === 1;
  const isHome = task.row.imageFile !== null;
  if (isHome && !isOnly) return;
  let image: LiveImage;
  try {
    image = await bringPatiently(task, job, deps);
  } catch (error) {
    return giveUp(task, error, job, deps);
  }
  setTrouble(task, job, null);
  if (isOnly) {
    task.image = image;
    return;
  }
  const file = await save(image, task, job, deps);
  if (file === null) {
    task.image = image;
    putAside([task], job, deps);
    // Nothing saves it better than to be shown.
    job.changed();
    return;
  }
  // Before the row says where it is: an edit may take a place for it at once.
  deps.room.leave(task);
  await takeStep(task, steps.keepImage(file), job, deps);
}

/** A pause is no time to keep others out of the room. */
function bringPatiently(task: LiveTask, job: Job, deps: RunnerDeps): Promise<LiveImage> {
  const attempt = async () => {
    await deps.room.enter([task], job.stopping);
    try {
      return await bring(task, job, deps);
    } catch (error) {
      deps.room.leave(task);
      throw error;
    }
  };
  const worthwhile = (error: unknown, tries: number) => {
    job.log.warn({ err: error, taskId: task.row.id, tries }, 'the image could not be fetched');
    if (error instanceof NotAnImageError) return tries < HOPELESS_TRIES;
    if (!(error instanceof FetchError)) return false;
    if (error.kind === 'gone') return tries < HOPELESS_TRIES;
    if (tries >= HOPELESS_TRIES) setTrouble(task, job, 'download');
    return error.passing && tries < FETCH_TRIES;
  };
  return patiently(attempt, { pausesMs: FETCH_PAUSES_MS, worthwhile, halt: job.stopping });
}
