import { inspectImage } from '../images/inspect.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveImage, LiveTask } from './job.ts';
import { readKept } from './read-kept.ts';

/** The service keeps an image for 3 days; an outage of its storage is waited out for half an hour. */
export const FETCH_TRIES = 33;

/** A completed task's image from disk where it is kept, and else from the service. */
export async function bring({ row }: LiveTask, job: Job, deps: RunnerDeps): Promise<LiveImage> {
  const kept = row.imageFile === null ? null : await readKept(row.imageFile, job, deps);
  if (kept) return kept;
  const bytes = await deps.fetcher.result(row.imageUrl ?? '', { signal: job.stopping });
  return { bytes, info: await inspectImage(bytes) };
}
