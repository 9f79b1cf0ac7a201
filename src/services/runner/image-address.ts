import { FetchError } from '../images/fetch-error.ts';
import { INLINE_IMAGE } from '../images/inline-image.ts';
import { JimmyAiError } from '../jimmyai/errors.ts';
import type { Task } from '../ledger/rows.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job } from './job.ts';

/**
 * What a finished task's image is fetched from: its address, or a data URI where the service puts the image into its
 * answer. The row holds no such image: the service is asked for it each time. Throws FetchError where it doesn't tell.
 */
export async function imageAddress(
  { imageUrl, serviceTaskId }: Task,
  job: Pick<Job, 'log' | 'stopping'>,
  { service }: Pick<RunnerDeps, 'service'>,
): Promise<string> {
  if (imageUrl !== INLINE_IMAGE) return imageUrl ?? '';
  try {
    const image = await service.queryImage(serviceTaskId ?? '', { log: job.log, signal: job.stopping });
    if (image !== null) return image;
  } catch (error) {
    job.stopping.throwIfAborted();
    if (!(error instanceof JimmyAiError)) throw error;
    throw new FetchError('unreachable', 'The service could not be asked for the image', true, error);
  }
  throw new FetchError('gone', 'The answer no longer holds the image', false);
}
