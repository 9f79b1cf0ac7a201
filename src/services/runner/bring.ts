import { showable } from '../images/mend.ts';
import type { RunnerDeps } from './deps.ts';
import { imageAddress } from './image-address.ts';
import type { Job, LiveImage, LiveTask } from './job.ts';
import { readKept } from './read-kept.ts';

/** A completed task's image from disk where it is kept, and else from the service. */
export async function bring({ row }: LiveTask, job: Job, deps: RunnerDeps): Promise<LiveImage> {
  const kept = row.imageFile === null ? null : await readKept(row.imageFile, job, deps);
  if (kept) return kept;
  const bytes = await deps.fetcher.result(await imageAddress(row, job, deps), { signal: job.stopping });
  return showable(bytes, job.generation.userId);
}
