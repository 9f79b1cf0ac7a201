import { inspectImage } from '../images/inspect.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveImage, LiveTask } from './job.ts';

/** The service keeps an image for 3 days; an outage of its storage is waited out for half an hour. */
export const FETCH_TRIES = 33;

/** A completed task's image from disk where it is kept, and else from the service. */
export async function bring({ row }: LiveTask, job: Job, { files, fetcher }: RunnerDeps): Promise<LiveImage> {
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
