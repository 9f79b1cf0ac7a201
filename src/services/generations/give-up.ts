import { FetchError } from '../images/fetch.ts';
import { CannotFitError } from '../images/fit.ts';
import { NotAnImageError } from '../images/inspect.ts';
import { SERVICE_KEEPS_MS } from '../images/lifetime.ts';
import { partOf } from '../images/mend.ts';
import { type EndReason, KEPT_IMAGE } from '../ledger/rows.ts';
import { transitions } from '../ledger/transitions.ts';
import type { Job, LiveTask } from './job.ts';
import type { JobImages } from './job-images.ts';

export interface GiveUpDeps {
  readonly now: () => number;
}

/** No image takes the service longer than this, in milliseconds. */
const LONGEST_TASK_MS = 60 * 60_000;

/**
 * Makes a completed task undeliverable, with the reason. An image in memory is kept on disk for /jobs, because the
 * service's address expires. Rethrows an error that isn't about the image: a bug, or the process stopping.
 */
export async function giveUp(
  task: LiveTask,
  error: unknown,
  job: Job,
  images: JobImages,
  deps: GiveUpDeps,
): Promise<void> {
  const reason = isStillKept(task, deps) ? reasonOf(error) : lateReasonOf(error);
  job.log.error({ err: error, taskId: task.row.id, reason }, 'the image cannot be fetched or shown');
  await images.spill(task);
  const useless = reason === 'image-broken' ? images.letGoOfAnswer(task) : null;
  await job.apply(task, transitions.giveUp(reason, formatOf(error)));
  if (useless !== null) await images.removeAnswer(useless);
}

/**
 * Keeps a part of an image that never came whole on disk, and makes its task undeliverable: the reply shows the part,
 * and a member can still check for the whole image. Resolves with false when nothing can be shown or kept.
 */
export async function giveUpInPart(
  task: LiveTask,
  job: Job,
  images: JobImages,
  deps: GiveUpDeps,
): Promise<boolean> {
  if (!isStillKept(task, deps)) return false;
  try {
    await images.load(task, async () => partOf(await images.fetch(task), job.generation.userId));
    await images.spill(task);
  } catch (err) {
    if (!(err instanceof FetchError || err instanceof NotAnImageError)) throw err;
    job.log.info({ err, taskId: task.row.id }, 'no part of the image can be shown');
  } finally {
    images.release([task]);
  }
  if (task.row.imageFile === null) return false;
  job.log.error({ taskId: task.row.id }, 'only a part of the image can be fetched; it is shown');
  await job.apply(task, transitions.giveUp('image-in-part'));
  return true;
}

/** Whether the reply shows a part of the image. */
export function isInPart({ row }: Pick<LiveTask, 'row'>): boolean {
  return row.state === 'undeliverable' && row.reason === 'image-in-part' && row.imageFile !== null;
}

/**
 * Whether the image is still kept: by the bot, or by the service, as it promises. After a downtime, the bot may notice only days later that
 * the image was made.
 */
export function isStillKept({ row }: LiveTask, { now }: GiveUpDeps): boolean {
  if (row.imageUrl === KEPT_IMAGE) return true;
  const submittedAt = row.submittedAt ?? Number.POSITIVE_INFINITY;
  const madeAt = Math.min(row.endedAt ?? Number.POSITIVE_INFINITY, submittedAt + LONGEST_TASK_MS);
  return now() - madeAt < SERVICE_KEEPS_MS;
}

/** The reason once the service no longer keeps the image, so that checking again is pointless. */
function lateReasonOf(error: unknown): EndReason {
  const reason = reasonOf(error);
  return reason === 'too-large' ? reason : 'image-expired';
}

/** The image's format, when that is why it can't be shown. */
function formatOf(error: unknown): string | null {
  return error instanceof NotAnImageError ? error.format : null;
}

function reasonOf(error: unknown): EndReason {
  if (error instanceof NotAnImageError)
    return error.kind === 'unsupported-format' || error.kind === 'too-many-pixels'
      ? 'image-unsupported'
      : 'image-broken';
  if (error instanceof CannotFitError) return 'too-large';
  if (!(error instanceof FetchError)) throw error;
  if (error.kind === 'gone') return 'image-gone';
  if (error.kind === 'too-large') return 'image-unsupported';
  return error.kind === 'forbidden' ? 'image-forbidden' : 'image-unreachable';
}
