import { FetchError } from '../images/fetch.ts';
import { NotAnImageError } from '../images/inspect.ts';
import { bring, FETCH_TRIES } from './bring.ts';
import type { RunnerDeps } from './deps.ts';
import { giveUp } from './give-up.ts';
import { type Job, type LiveImage, type LiveTask, setTrouble } from './job.ts';
import { keepOnDisk } from './keep.ts';
import { patiently } from './patience.ts';

/** The last one repeats. */
const FETCH_PAUSES_MS = [1000, 3000, 10_000, 30_000, 60_000] as const;
/** An image that is broken, or gone as soon as it was announced, is seldom so by the way it came. */
const HOPELESS_TRIES = 2;

/**
 * Brings a completed task's image home. An only image stays in memory, since it goes out next: it is put on disk where
 * that takes longer, because the service's address dies. Others wait on disk for their like. An image that can't be had
 * makes the task undeliverable, with the reason.
 */
export async function collect(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  let image: LiveImage;
  try {
    image = await bringPatiently(task, job, deps);
  } catch (error) {
    return giveUp(task, error, job, deps);
  }
  setTrouble(task, job, null);
  if (job.tasks.length === 1) {
    task.image = image;
    return;
  }
  try {
    await keepOnDisk(task, image, job, deps);
  } finally {
    deps.room.leave(1);
  }
}

/** A pause is no time to keep others out of the room. */
function bringPatiently(task: LiveTask, job: Job, deps: RunnerDeps): Promise<LiveImage> {
  const attempt = async () => {
    await deps.room.enter(1, job.stopping);
    try {
      return await bring(task, job, deps);
    } catch (error) {
      deps.room.leave(1);
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
