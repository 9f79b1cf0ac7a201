import { REQUEST_LIMIT_BYTES } from '../discord/limits.ts';
import type { Shown } from '../discord/replies.ts';
import type { ReplyFile, ReplyImage } from '../discord/reply-message.ts';
import type { Inspected } from '../images/mend.ts';
import { fileFor } from '../images/reply-file.ts';
import { type GiveUpDeps, giveUp, isInPart } from './give-up.ts';
import type { Job, LiveTask } from './job.ts';
import type { JobImages } from './job-images.ts';

/** A task's image in the reply. */
export interface Picture extends ReplyImage {
  readonly task: LiveTask;
}

/**
 * The images that the reply can show now, in the order of their tasks: those at hand, made to fit files of `limit`
 * bytes, and those that an earlier delivery left there. If one can't be made to fit, its task becomes undeliverable,
 * and the others are still returned.
 */
export async function picturesOf(
  job: Job,
  limit: number,
  images: JobImages,
  deps: GiveUpDeps,
): Promise<Picture[]> {
  const { tasks } = job;
  const shown = tasks.filter(
    (task) => isAtHand(task) || isPartAtHand(task) || task.row.attachmentId !== null,
  );
  const uploads = shown.filter(isToUpload).length;
  const perFile = shareOf(limit, uploads);
  const pictures = await Promise.all(
    shown.map(async (task) => {
      try {
        const isShowable = isAtHand(task) || isPartAtHand(task);
        const file = task.image && isShowable ? await fitted(task, task.image, job, perFile) : null;
        return { task, file, attachmentId: task.attachmentId ?? task.row.attachmentId };
      } catch (error) {
        // Broken pixels are only noticed here, when the image is decoded to be made smaller.
        if (isAtHand(task)) await giveUp(task, error, job, images, deps);
        else job.log.warn({ err: error, taskId: task.row.id }, 'the part of the image cannot be shown');
        return null;
      }
    }),
  );
  return pictures.filter((picture) => picture !== null);
}

/** Whether the image can be shown and isn't delivered yet. */
export function isAtHand({ row, image, isShown }: LiveTask): boolean {
  return row.state === 'completed' && (image !== null || row.imageFile !== null || isShown);
}

/** A part is shown with the last word, and never early. */
function isPartAtHand(task: LiveTask): boolean {
  return isInPart(task) && task.image !== null;
}

/** Whether the next message has to upload the image: it isn't in the reply, or Discord didn't name its attachment. */
export function isToUpload(task: LiveTask): boolean {
  const isImage = task.row.state === 'completed' && task.row.answer === null;
  return (isImage || isInPart(task)) && task.attachmentId === null;
}

/** Remembers the attachments in the reply, so that nothing is uploaded twice. */
export function markShown(pictures: readonly Picture[], { attachmentIds }: Shown): void {
  for (const [index, { task }] of pictures.entries()) {
    task.isShown = true;
    task.attachmentId = attachmentIds[index] ?? null;
  }
}

/** Forgets the attachments, so that the next edit uploads everything again. */
export function forgetShown({ tasks }: Job): void {
  for (const task of tasks) {
    task.isShown = false;
    task.attachmentId = null;
  }
}

/** The size limit of each of several files of one request, in bytes. A higher file limit also allows larger requests. */
function shareOf(limit: number, uploads: number): number {
  if (uploads <= 1) return limit;
  return Math.min(limit, Math.floor(Math.max(REQUEST_LIMIT_BYTES, limit) / uploads));
}

async function fitted(
  task: LiveTask,
  image: Inspected,
  { generation, tasks }: Job,
  limit: number,
): Promise<ReplyFile> {
  if (task.file && task.file.attachment.length <= limit) return task.file;
  const { file, change } = await fileFor(
    generation.request,
    tasks.indexOf(task) + 1,
    image,
    limit,
    generation.userId,
  );
  task.file = file;
  task.change = change;
  return file;
}
