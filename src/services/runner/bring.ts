import { showable } from '../images/mend.ts';
import type { RunnerDeps } from './deps.ts';
import { imageAddress } from './image-address.ts';
import type { Job, LiveImage, LiveTask } from './job.ts';
import { readKept } from './read-kept.ts';

/**
 * A completed task's image from disk where it is kept, and else from the service. A file that can't be used is
 * forgotten: the image is then fetched, and kept, as if there had never been one.
 */
export async function bring(task: LiveTask, job: Job, deps: RunnerDeps): Promise<LiveImage> {
  const { imageFile } = task.row;
  const kept = imageFile === null ? null : await readKept(imageFile, job, deps);
  if (kept) return kept;
  task.row = { ...task.row, imageFile: null };
  const bytes = await deps.fetcher.result(await imageAddress(task.row, job, deps), { signal: job.stopping });
  return showable(bytes, job.generation.userId);
}
