import { ImageServiceError } from '../image-service/errors.ts';
import type { ImageService } from '../image-service/service.ts';
import { FetchError } from '../images/fetch-error.ts';
import { INLINE_IMAGE } from '../images/inline-image.ts';
import { transitions } from '../ledger/transitions.ts';
import type { Job, LiveTask } from './job.ts';

/**
 * Where to fetch a finished task's image from: its address, or a data URI when the service puts the image into its
 * answer. The row doesn't hold such an image; the service is asked for it each time. Throws FetchError if that fails.
 */
export async function imageAddress(
  { row: { imageUrl, serviceTaskId } }: LiveTask,
  { log, stopping }: Job,
  service: Pick<ImageService, 'queryImage'>,
): Promise<string> {
  if (imageUrl !== INLINE_IMAGE) return imageUrl ?? '';
  try {
    const image = await service.queryImage(serviceTaskId ?? '', { log, signal: stopping });
    if (image !== null) return image;
  } catch (error) {
    stopping.throwIfAborted();
    if (!(error instanceof ImageServiceError)) throw error;
    throw new FetchError('unreachable', 'The service could not be asked for the image', true, error);
  }
  throw new FetchError('gone', 'The answer no longer holds the image', false);
}

/** Asks the service where a completed task's image is now, because a signed address may have expired. */
export async function renewAddress(
  task: LiveTask,
  job: Job,
  service: Pick<ImageService, 'queryImageTask'>,
): Promise<void> {
  const { id, serviceTaskId, imageUrl, imageFile } = task.row;
  if (serviceTaskId === null || imageFile !== null) return;
  try {
    const report = await service.queryImageTask(serviceTaskId, { log: job.log, signal: job.stopping });
    if (report.status !== 'completed' || report.imageUrl === imageUrl) return;
    job.log.info({ taskId: id }, 'the service gave a new address for the image');
    await job.apply(task, transitions.readdress(report.imageUrl));
  } catch (err) {
    if (!(err instanceof ImageServiceError)) throw err;
    job.stopping.throwIfAborted();
    job.log.warn({ err, taskId: id }, "the query for the image's address failed");
  }
}
