import { FetchError } from '../images/fetch.ts';
import { inspectImage, NotAnImageError } from '../images/inspect.ts';
import type { EndReason } from '../ledger/rows.ts';
import { steps } from '../ledger/steps.ts';
import type { RunnerDeps } from './deps.ts';
import { type Job, type LiveTask, setTrouble } from './job.ts';
import { patiently } from './patience.ts';
import { takeStep } from './take-step.ts';

/** The service keeps an image for 3 days; an outage of its storage is waited out for half an hour. */
const FETCH_PAUSES_MS = [1000, 3000, 10_000, 30_000, 60_000] as const;
const FETCH_TRIES = 33;
/** An image that is broken, or gone as soon as it was announced, is seldom so by the way it came. */
const HOPELESS_TRIES = 2;

/**
 * Brings a completed task's image home and keeps its bytes on disk until they have arrived, since the service's
 * address dies. An image that can't be had makes the task undeliverable, with the reason.
 */
export async function collect(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  const { id, imageFile } = task.row;
  task.image = imageFile === null ? null : await readKept(imageFile, job, deps);
  if (task.image) return;

  try {
    task.image = await fetchImage(task, job, deps);
  } catch (error) {
    const reason = reasonOf(error);
    job.log.error({ err: error, taskId: id }, 'the image can not be had');
    return takeStep(task, steps.giveUp(reason), job, deps);
  }
  setTrouble(task, job, null);

  const file = `${id}.${task.image.info.extension}`;
  try {
    await deps.files.save(file, task.image.bytes);
  } catch (err) {
    job.log.error({ err, taskId: id }, 'the image could not be kept on disk; it is delivered from memory');
    return;
  }
  await takeStep(task, steps.keepImage(file), job, deps);
}

/** What an earlier process kept; null where it can't be used, so that it is fetched again. */
async function readKept(file: string, job: Job, { files }: RunnerDeps): Promise<LiveTask['image']> {
  try {
    const bytes = await files.read(file);
    return bytes && { bytes, info: await inspectImage(bytes) };
  } catch (err) {
    job.log.error({ err, file }, 'the kept image can not be read; it is fetched again');
    return null;
  }
}

function fetchImage(task: LiveTask, job: Job, { fetcher }: RunnerDeps) {
  const attempt = async () => {
    const bytes = await fetcher.result(task.row.imageUrl ?? '', { signal: job.stopping });
    return { bytes, info: await inspectImage(bytes) };
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

/** Throws what isn't about the image on: a bug, or the process stopping. */
function reasonOf(error: unknown): EndReason {
  if (error instanceof NotAnImageError) return 'image-broken';
  if (!(error instanceof FetchError)) throw error;
  if (error.kind === 'gone') return 'image-gone';
  return error.kind === 'forbidden' ? 'image-forbidden' : 'image-unreachable';
}
