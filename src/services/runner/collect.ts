import { FetchError } from '../images/fetch.ts';
import { inspectImage, NotAnImageError } from '../images/inspect.ts';
import type { EndReason } from '../ledger/rows.ts';
import { steps } from '../ledger/steps.ts';
import type { RunnerDeps } from './deps.ts';
import { type Job, type LiveImage, type LiveTask, setTrouble } from './job.ts';
import { patiently } from './patience.ts';
import { takeStep } from './take-step.ts';

/** The service keeps an image for 3 days; an outage of its storage is waited out for half an hour. */
const FETCH_PAUSES_MS = [1000, 3000, 10_000, 30_000, 60_000] as const;
const FETCH_TRIES = 33;
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

async function giveUp(task: LiveTask, error: unknown, job: Job, deps: RunnerDeps): Promise<void> {
  const reason = reasonOf(error);
  job.log.error({ err: error, taskId: task.row.id }, 'the image can not be had');
  await takeStep(task, steps.giveUp(reason), job, deps);
}

/** Puts on disk meanwhile what is in memory alone, since it takes longer to arrive. What fails is tried at the next call. */
export function keepMeanwhile(job: Job, deps: RunnerDeps): void {
  for (const task of job.tasks) {
    if (!task.image || task.row.state !== 'completed') continue;
    task.keeping ??= keepOnDisk(task, task.image, job, deps).finally(() => {
      task.keeping = null;
    });
  }
}

/** Nothing more may be written about the tasks before. */
export async function allKept({ tasks }: Job): Promise<void> {
  await Promise.all(tasks.map(({ keeping }) => keeping));
}

/** Whether each image that is in memory can be had again without the service, whose address dies. */
export function isAllOnDisk({ tasks }: Job): boolean {
  return tasks.every(({ image, row }) => image === null || row.imageFile !== null);
}

/**
 * Has these tasks' images in memory together, as one message needs them. What the job held of them before is let go
 * of first: two jobs that wait for more while they hold some would wait for each other. An image that can't be had any
 * more makes its task undeliverable, and the others go on.
 */
export async function hold(
  tasks: readonly LiveTask[],
  job: Job,
  deps: RunnerDeps,
  signal: AbortSignal,
): Promise<void> {
  if (tasks.every(({ image }) => image !== null)) return;
  await allKept(job);
  letGo(job.tasks, deps);
  await deps.room.enter(tasks.length, signal);
  const brought = await Promise.allSettled(tasks.map((task) => fillPlace(task, job, deps)));
  const failed = brought.find((result) => result.status === 'rejected');
  if (!failed) return;
  letGo(tasks, deps);
  throw failed.reason;
}

/** Throws where another try may help. */
async function fillPlace(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  try {
    task.image = await bring(task, job, deps);
  } catch (error) {
    deps.room.leave(1);
    task.refetches += 1;
    if (error instanceof FetchError && error.passing && task.refetches < FETCH_TRIES) throw error;
    await giveUp(task, error, job, deps);
  }
}

/** Makes room. What is needed again is read from disk, or fetched. */
export function letGo(tasks: readonly LiveTask[], { room }: RunnerDeps): void {
  for (const task of tasks) {
    if (!task.image) continue;
    task.image = null;
    task.file = null;
    room.leave(1);
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

/** From disk where it is kept, and else from the service. */
async function bring({ row }: LiveTask, job: Job, { files, fetcher }: RunnerDeps): Promise<LiveImage> {
  const kept = row.imageFile === null ? null : await readKept(row.imageFile, job, files);
  if (kept) return kept;
  const bytes = await fetcher.result(row.imageUrl ?? '', { signal: job.stopping });
  return { bytes, info: await inspectImage(bytes) };
}

/** Null where it can't be used, so that it is fetched again. */
async function readKept(file: string, job: Job, files: RunnerDeps['files']): Promise<LiveImage | null> {
  try {
    const bytes = await files.read(file);
    return bytes && { bytes, info: await inspectImage(bytes) };
  } catch (err) {
    job.log.error({ err, file }, 'the kept image can not be read; it is fetched again');
    return null;
  }
}

async function keepOnDisk(
  task: LiveTask,
  { bytes, info }: LiveImage,
  job: Job,
  deps: RunnerDeps,
): Promise<void> {
  const { id, imageFile } = task.row;
  const file = `${id}.${info.extension}`;
  if (imageFile === file) return;
  try {
    await deps.files.save(file, bytes);
  } catch (err) {
    job.log.error({ err, taskId: id }, 'the image could not be kept on disk; it is delivered without');
    return;
  }
  await takeStep(task, steps.keepImage(file), job, deps);
}

/** Throws what isn't about the image on: a bug, or the process stopping. */
function reasonOf(error: unknown): EndReason {
  if (error instanceof NotAnImageError) return 'image-broken';
  if (!(error instanceof FetchError)) throw error;
  if (error.kind === 'gone') return 'image-gone';
  return error.kind === 'forbidden' ? 'image-forbidden' : 'image-unreachable';
}
