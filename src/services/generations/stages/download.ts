import { retry } from '../../concurrency/retry.ts';
import { FetchError } from '../../images/fetch.ts';
import { NotAnImageError } from '../../images/inspect.ts';
import type { JimmyAi } from '../../jimmyai/client.ts';
import { type GiveUpDeps, giveUp, giveUpInPart, isStillKept } from '../give-up.ts';
import { renewAddress } from '../image-address.ts';
import type { Job, LiveTask } from '../job.ts';
import type { JobImages } from '../job-images.ts';

export interface DownloadDeps extends GiveUpDeps {
  readonly service: Pick<JimmyAi, 'queryImageTask'>;
  readonly taskDeadlineMs: number;
}

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
 * that takes longer, because the service's address dies. Others wait on disk for their like. An image that can't be had
 * for minutes makes the task undeliverable, with the reason.
 */
export async function download(
  task: LiveTask,
  job: Job,
  images: JobImages,
  deps: DownloadDeps,
): Promise<void> {
  if (task.row.state !== 'completed' || task.image) return;
  const isOnly = job.tasks.length === 1;
  if (task.row.imageFile !== null && !isOnly) return;
  const attempt = () => (isOnly ? images.load(task) : images.store(task));
  try {
    // A pause is no time to keep others out of memory: each try asks for room of its own.
    await withPatience(attempt, task, job, deps);
    job.setTrouble(task, null);
  } catch (error) {
    if (isCutOff(error) && (await giveUpInPart(task, job, images, deps))) return;
    await giveUp(task, error, job, images, deps);
  }
}

/**
 * Has all images in memory that the next message has to carry. One that gave way, or whose file can't be read, is
 * downloaded as patiently as the first time, and undeliverable only then: the others go on.
 */
export async function downloadAll(
  tasks: () => LiveTask[],
  job: Job,
  images: JobImages,
  deps: DownloadDeps,
): Promise<void> {
  for (;;) {
    const missing = await images.loadAll(tasks(), job.stopping);
    if (missing.length === 0) return;
    // A part that can't be read any more is no longer shown.
    await Promise.all(missing.map((task) => download(task, job, images, deps)));
  }
}

async function withPatience(
  attempt: () => Promise<void>,
  task: LiveTask,
  job: Job,
  deps: DownloadDeps,
): Promise<void> {
  const begunAt = performance.now();
  const patienceMs = isStillKept(task, deps) ? Math.min(PATIENCE_MS, deps.taskDeadlineMs) : LATE_PATIENCE_MS;
  let failures = 0;
  await retry(
    async () => {
      if (failures >= TROUBLE_AFTER) await renewAddress(task, job, deps.service);
      await attempt();
    },
    {
      pausesMs: FETCH_PAUSES_MS,
      worthwhile(error, tries) {
        failures = tries;
        job.log.warn({ err: error, taskId: task.row.id, tries }, 'the image could not be fetched');
        if (!mayComeYet(error)) return false;
        if (tries >= TROUBLE_AFTER) job.setTrouble(task, 'download');
        return performance.now() - begunAt < patienceMs || isHardlyTried(tries, patienceMs);
      },
      halt: job.stopping,
    },
  );
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
