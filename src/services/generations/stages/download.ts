import { retry } from '../../concurrency/retry.ts';
import type { ImageService } from '../../image-service/service.ts';
import { FetchError } from '../../images/fetch.ts';
import { NotAnImageError } from '../../images/inspect.ts';
import { KEPT_IMAGE } from '../../ledger/rows.ts';
import { type GiveUpDeps, giveUp, giveUpInPart, isStillKept } from '../give-up.ts';
import { renewAddress } from '../image-address.ts';
import type { Job, LiveTask } from '../job.ts';
import type { JobImages } from '../job-images.ts';

export interface DownloadDeps extends GiveUpDeps {
  readonly service: Pick<ImageService, 'queryImageTask'>;
  readonly taskDeadlineMs: number;
}

/** The last pause repeats. */
const FETCH_PAUSES_MS = [1000, 2000, 4000, 8000, 15_000, 30_000] as const;
/** How long to retry: a CDN may lag, or have cached half an image. A shorter task deadline applies here, too. */
const RETRY_FOR_MS = 10 * 60_000;
/** The fewest tries, however long they take. */
const TRIES_MIN = 5;
/** How long to retry once the service no longer keeps the image. */
const LATE_RETRY_FOR_MS = 5000;
/** Failed tries before the reply mentions it, and the service is asked where the image is now. */
const TROUBLE_AFTER = 2;

/**
 * Downloads a completed task's image. A single image stays in memory, since it is delivered next; it is spilled if that
 * takes longer, because the service's address expires. Several images wait on disk for each other. An image that can't
 * be fetched for minutes makes the task undeliverable, with the reason.
 */
export async function download(
  task: LiveTask,
  job: Job,
  images: JobImages,
  deps: DownloadDeps,
): Promise<void> {
  if (task.row.state !== 'completed' || task.row.answer !== null || task.image) return;
  const isOnly = job.tasks.length === 1;
  const isChecked = task.row.imageFile !== null && !isKept(task);
  if (isChecked && !isOnly) return;
  const attempt = () => (isOnly ? images.load(task) : images.store(task));
  try {
    // Each try asks the memory budget again, so that a pause doesn't keep others out.
    await withRetries(attempt, task, job, deps);
    job.setTrouble(task, null);
  } catch (error) {
    if (isCutOff(error) && !isKept(task) && (await giveUpInPart(task, job, images, deps))) return;
    await giveUp(task, error, job, images, deps);
  }
}

/**
 * Loads all images into memory that the next message has to upload. One that made room for another, or whose file can't
 * be read, is downloaded again with the same retries as the first time.
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
    // A part of an image whose file can't be read is not downloaded again, and no longer shown.
    await Promise.all(missing.map((task) => download(task, job, images, deps)));
  }
}

async function withRetries(
  attempt: () => Promise<void>,
  task: LiveTask,
  job: Job,
  deps: DownloadDeps,
): Promise<void> {
  const begunAt = performance.now();
  const retryForMs = isStillKept(task, deps)
    ? Math.min(RETRY_FOR_MS, deps.taskDeadlineMs)
    : LATE_RETRY_FOR_MS;
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
        if (isKept(task) || !mayComeYet(error)) return false;
        if (tries >= TROUBLE_AFTER) job.setTrouble(task, 'download');
        return performance.now() - begunAt < retryForMs || isHardlyTried(tries, retryForMs);
      },
      halt: job.stopping,
    },
  );
}

/** If each try waits long, for memory or a slow connection, the time is up after a few tries. */
function isHardlyTried(tries: number, retryForMs: number): boolean {
  const paused = FETCH_PAUSES_MS.slice(0, tries).reduce((sum, pause) => sum + pause, 0);
  return tries < TRIES_MIN && paused <= retryForMs;
}

/** Whether it came with the service's answer: there is no other address to fetch it from. */
function isKept({ row }: LiveTask): boolean {
  return row.imageUrl === KEPT_IMAGE;
}

function isCutOff(error: unknown): boolean {
  return error instanceof NotAnImageError && error.kind === 'broken';
}

/** Whether the same address may have the whole image later. */
function mayComeYet(error: unknown): boolean {
  if (error instanceof NotAnImageError) return error.kind === 'broken' || error.kind === 'unknown-format';
  return error instanceof FetchError && error.kind !== 'forbidden' && error.kind !== 'too-large';
}
