import { FetchError } from '../images/fetch.ts';
import { inspectImage, NotAnImageError } from '../images/inspect.ts';
import type { EndReason } from '../ledger/rows.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveTask } from './job.ts';
import { patiently } from './patience.ts';
import { record } from './record.ts';

/** The service keeps an image for 3 days, so a passing failure is worth some patience. */
const FETCH_PAUSES_MS = [1000, 3000, 10_000, 30_000] as const;
/** A broken image is seldom broken by the way it came: one more look is enough. */
const BROKEN_IMAGE_TRIES = 2;

/**
 * Brings a completed task's image home and keeps its bytes on disk until they have arrived, since the service's
 * address dies. An image that can't be had makes the task undeliverable, with the reason.
 */
export async function collect(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  const { ledger, files } = deps;
  const { id, imageFile } = task.row;
  const kept = imageFile === null ? null : await files.read(imageFile);
  if (kept) {
    task.image = { bytes: kept, info: await inspectImage(kept) };
    return;
  }

  try {
    task.image = await fetchImage(task, job, deps);
  } catch (error) {
    const reason = reasonOf(error);
    job.log.error({ err: error, taskId: id }, 'the image can not be had');
    return record(task, job, ledger.tasks.giveUp(id, reason), deps, { state: 'undeliverable', reason });
  }

  const file = `${id}.${task.image.info.extension}`;
  try {
    await files.save(file, task.image.bytes);
  } catch (err) {
    job.log.error({ err, taskId: id }, 'the image could not be kept on disk; it is delivered from memory');
    return;
  }
  await record(task, job, ledger.tasks.keepImage(id, file), deps, { imageFile: file });
}

function fetchImage(task: LiveTask, job: Job, { fetcher }: RunnerDeps) {
  const attempt = async () => {
    const bytes = await fetcher.result(task.row.imageUrl ?? '', { signal: job.stopping });
    return { bytes, info: await inspectImage(bytes) };
  };
  const worthwhile = (error: unknown, tries: number) => {
    job.log.warn({ err: error, taskId: task.row.id, tries }, 'the image could not be fetched');
    if (error instanceof NotAnImageError) return tries < BROKEN_IMAGE_TRIES;
    return error instanceof FetchError && error.passing && tries <= FETCH_PAUSES_MS.length;
  };
  return patiently(attempt, { pausesMs: FETCH_PAUSES_MS, worthwhile, stopping: job.stopping });
}

/** Throws what isn't about the image on: a bug, or the process stopping. */
function reasonOf(error: unknown): EndReason {
  if (error instanceof NotAnImageError) return 'image-broken';
  if (!(error instanceof FetchError)) throw error;
  return error.kind === 'gone' ? 'image-gone' : 'image-unreachable';
}
