import { FetchError } from '../images/fetch.ts';
import { NotAnImageError } from '../images/inspect.ts';
import { steps } from '../ledger/steps.ts';
import { bring } from './bring.ts';
import type { RunnerDeps } from './deps.ts';
import { giveUp, isStillKept } from './give-up.ts';
import { putAside } from './hold.ts';
import { type Job, type LiveImage, type LiveTask, setTrouble } from './job.ts';
import { save } from './keep.ts';
import { giveUpInPart } from './part.ts';
import { patiently } from './patience.ts';
import { askForAddress } from './readdress.ts';
import { takeStep } from './take-step.ts';

/** The last one repeats. */
const FETCH_PAUSES_MS = [1000, 2000, 4000, 8000, 15_000, 30_000] as const;
/** A CDN that lags, or has cached half an image, is waited for this long; a shorter deadline of tasks holds here, too. */
const PATIENCE_MS = 10 * 60_000;
/** However long they take. */
const TRIES_MIN = 5;
/** Once the service no longer keeps the image, there is not much to wait for. */
const LATE_PATIENCE_MS = 5000;
/** Tries that failed before the reply mentions it, and the service is asked where the image is now. */
const TROUBLE_AFTER = 2;

/**
 * Brings a completed task's image home. An only image stays in memory, since it goes out next: it is put on disk where
 * that takes longer, because the service's address dies. Others wait on disk for their like, or in memory where the
 * disk can't be written. An image that can't be had for minutes makes the task undeliverable, with the reason.
 */
export async function collect(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  const isOnly = job.tasks.length === 1;
  const isHome = task.row.imageFile !== null;
  if (isHome && !isOnly) return;
  let image: LiveImage;
  try {
    image = await bringPatiently(task, job, deps);
  } catch (error) {
    if (isCutOff(error) && (await giveUpInPart(task, job, deps))) return;
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
  const begunAt = performance.now();
  const patienceMs = isStillKept(task, deps) ? Math.min(PATIENCE_MS, deps.taskDeadlineMs) : LATE_PATIENCE_MS;
  let failures = 0;
  const attempt = async () => {
    if (failures >= TROUBLE_AFTER) await askForAddress(task, job, deps);
    await deps.room.enter([task], job.stopping, job.generation.userId);
    try {
      return await bring(task, job, deps);
    } catch (error) {
      deps.room.leave(task);
      throw error;
    }
  };
  const worthwhile = (error: unknown, tries: number) => {
    failures = tries;
    job.log.warn({ err: error, taskId: task.row.id, tries }, 'the image could not be fetched');
    if (!mayComeYet(error)) return false;
    if (tries >= TROUBLE_AFTER) setTrouble(task, job, 'download');
    return performance.now() - begunAt < patienceMs || isHardlyTried(tries, patienceMs);
  };
  return patiently(attempt, { pausesMs: FETCH_PAUSES_MS, worthwhile, halt: job.stopping });
}

/** Where each try waited long, for room or for a slow line, the time is over before much was tried. */
function isHardlyTried(tries: number, patienceMs: number): boolean {
  const paused = FETCH_PAUSES_MS.slice(0, tries).reduce((sum, pause) => sum + pause, 0);
  return tries < TRIES_MIN && paused <= patienceMs;
}

function isCutOff(error: unknown): boolean {
  return error instanceof NotAnImageError && error.kind === 'broken';
}

/** Whether the same address may have the image, or all of it, in a while. */
function mayComeYet(error: unknown): boolean {
  if (error instanceof NotAnImageError) return error.kind === 'broken' || error.kind === 'unknown-format';
  return error instanceof FetchError && error.kind !== 'forbidden' && error.kind !== 'too-large';
}
