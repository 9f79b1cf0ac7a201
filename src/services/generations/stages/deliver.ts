import { retry } from '../../concurrency/retry.ts';
import { closedForMs, isPassing, isRefused, isTooLarge } from '../../discord/errors.ts';
import { DEFAULT_FILE_LIMIT_BYTES } from '../../discord/limits.ts';
import type { Shown } from '../../discord/replies.ts';
import { transitions } from '../../ledger/transitions.ts';
import type { Job, LiveTask } from '../job.ts';
import type { ImageDeps, JobImages } from '../job-images.ts';
import {
  AFTER_REFUSALS,
  firstTaken,
  type LastWordDeps,
  type Manner,
  REASON_IN,
  sayMoved,
  show,
  USUAL,
} from '../last-word.ts';
import { forgetShown, isToUpload, picturesOf } from '../pictures.ts';
import { type DownloadDeps, downloadAll } from './download.ts';

export interface DeliverDeps extends DownloadDeps, LastWordDeps {
  readonly memory: Pick<ImageDeps['memory'], 'isSought'>;
}

/** A delivery that fails for a passing reason is retried for as long as the process lives. */
const DELIVERY_PAUSES_MS = [1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000] as const;

/** Another way to the person may open before. */
const CLOSED_PAUSE_MAX_MS = 300_000;

/** Discord refuses a message now and then for no reason that lasts. */
const REFUSED_TRIES = 4;
/** How long a refused reason is retried, and once more after each start: no reply may keep saying that it waits. */
const REASON_WITHIN_MS = 24 * 60 * 60_000;

/** Shows the generation's last word, with its images. Resolves with null when there is no way left to show it. */
export async function deliver(job: Job, images: JobImages, deps: DeliverDeps): Promise<Shown | null> {
  // Discord itself has shown that the bot didn't answer.
  if (!job.resumed && job.tasks.every(({ row }) => row.reason === 'reply-gone')) return null;
  const early = job.tasks.map(({ isShown, attachmentId }) => ({ isShown, attachmentId }));
  const { attachmentSizeLimit } = job.generation;
  const attempt = (manner: Manner) => () => showWithinLimit(job, images, deps, attachmentSizeLimit, manner);
  try {
    const shown = await withRetries(attempt(USUAL), job, images, deps).catch((error: unknown) => {
      if (!isRefused(error)) throw error;
      job.log.warn({ err: error }, 'Discord refuses the last word; it is shown in another way');
      return showOtherwise(attempt, job, images, deps);
    });
    if (!shown) images.spillAll();
    return shown;
  } catch (error) {
    if (!isRefused(error)) throw error;
    job.log.error({ err: error }, 'the images cannot be shown; the reason is shown instead');
    // Images that were shown early are still in the reply.
    for (const [index, task] of job.tasks.entries()) Object.assign(task, early[index]);
    return showReason(job, images, deps);
  }
}

/** Shows the images without the text, or elsewhere. Rejects when Discord refuses that, too. */
async function showOtherwise(
  attempt: (manner: Manner) => () => Promise<Shown | null>,
  job: Job,
  images: JobImages,
  deps: DeliverDeps,
): Promise<Shown | null> {
  const place = job.generation.message?.id;
  const shown = await firstTaken(AFTER_REFUSALS, (manner) =>
    withRetries(attempt(manner), job, images, deps, () => false),
  );
  if (shown && shown.id !== place) await sayMoved(job, deps);
  return shown;
}

/** Retries until it works, or Discord has refused it too often. */
function withRetries<T>(
  attempt: () => Promise<T>,
  job: Job,
  images: JobImages,
  { memory }: DeliverDeps,
  isRefusalPassing: (tries: number) => boolean = (tries) => tries < REFUSED_TRIES,
): Promise<T> {
  return retry(attempt, {
    pausesMs: DELIVERY_PAUSES_MS,
    askedMs: pauseWhileClosed,
    worthwhile(error, tries) {
      job.log.warn({ err: error, tries }, 'the delivery failed');
      images.spillAll();
      // Other jobs wait for this memory, and may deliver sooner.
      if (memory.isSought && images.areAllOnDisk()) images.release();
      if (isRefused(error)) return isRefusalPassing(tries);
      return isPassing(error);
    },
    halt: job.stopping,
  });
}

/** Waits until Discord accepts such a request again. An earlier one would only be refused. */
function pauseWhileClosed(error: unknown): number | null {
  const closedMs = closedForMs(error);
  return closedMs === null ? null : Math.min(closedMs, CLOSED_PAUSE_MAX_MS);
}

/** The size limit may have shrunk since the interaction, so an image that is refused as too large is sent smaller. */
async function showWithinLimit(
  job: Job,
  images: JobImages,
  deps: DeliverDeps,
  limit: number,
  manner: Manner,
): Promise<Shown | null> {
  await downloadAll(() => job.tasks.filter(isToUpload), job, images, deps);
  const pictures = await picturesOf(job, limit, images, deps);
  try {
    if (!job.tasks.some(isReleased)) return await show(pictures, job, deps, 'deliver', manner);
    const shown = await show(pictures, job, deps, 'edit', manner);
    if (shown) return shown;
  } catch (error) {
    // Discord may refuse because it no longer finds the attachments that were shown early.
    if (isRefused(error)) forgetShown(job);
    const refused = Math.max(0, ...pictures.map(({ file }) => file?.attachment.length ?? 0));
    if (!isTooLarge(error) || refused === 0) throw error;
    const smaller = refused > DEFAULT_FILE_LIMIT_BYTES ? DEFAULT_FILE_LIMIT_BYTES : Math.floor(refused / 2);
    job.log.warn({ err: error, refused, smaller }, 'Discord takes only smaller files here');
    return showWithinLimit(job, images, deps, smaller, manner);
  }
  // The edit found no reply. A new message has to carry all images.
  forgetShown(job);
  return showWithinLimit(job, images, deps, limit, manner);
}

/** Whether the image is in the reply and no longer in memory. */
function isReleased({ row, image, isShown }: LiveTask): boolean {
  return row.state === 'completed' && isShown && image === null;
}

/** Shows the reason instead of the images. They stay on disk for /jobs, and the view links them at the service. */
async function showReason(job: Job, images: JobImages, deps: DeliverDeps): Promise<Shown | null> {
  await images.spilled();
  await giveUpUnshown(job);
  try {
    const isEarly = () => deps.now() - job.generation.tokenAt < REASON_WITHIN_MS;
    const say = () => firstTaken(REASON_IN, (manner) => show([], job, deps, 'deliver', manner));
    const shown = await withRetries(say, job, images, deps, isEarly);
    // A new message lacks the images that were shown early in the old one.
    if (shown && shown.id !== job.generation.message?.id) {
      forgetShown(job);
      await giveUpUnshown(job);
    }
    return shown;
  } catch (err) {
    if (!isRefused(err)) throw err;
    job.log.error({ err }, 'Discord refuses every message about this generation');
    return null;
  }
}

async function giveUpUnshown(job: Job): Promise<void> {
  for (const task of job.tasks) {
    if (task.row.state === 'completed' && !task.isShown)
      await job.apply(task, transitions.giveUp('discord-refused'));
  }
}
