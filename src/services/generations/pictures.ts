import { REQUEST_LIMIT_BYTES } from '../discord/limits.ts';
import type { Shown } from '../discord/replies.ts';
import type { ReplyFile, ReplyImage } from '../discord/reply-message.ts';
import type { Inspected } from '../images/mend.ts';
import { fileFor } from '../images/reply-file.ts';
import { type GiveUpDeps, giveUp, isInPart } from './give-up.ts';
import type { Job, LiveTask } from './job.ts';
import type { JobImages } from './job-images.ts';

/** A task's image as a part of the reply. */
export interface Picture extends ReplyImage {
  readonly task: LiveTask;
}

/**
 * The images that the reply can show now, in the order of their tasks: those at hand, made small enough for files of
 * `limit` bytes, and those that an earlier delivery left there. One that can't be made so small makes its task
 * undeliverable, and the others are there all the same.
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
        // Broken pixels only show now, when it has to be made smaller: it came as it was made.
        if (isAtHand(task)) await giveUp(task, error, job, images, deps);
        else job.log.warn({ err: error, taskId: task.row.id }, 'the part of the image can not be shown');
        return null;
      }
    }),
  );
  return pictures.filter((picture) => picture !== null);
}

/** Whether the image can be shown, and is not delivered yet. */
export function isAtHand({ row, image, isShown }: LiveTask): boolean {
  return row.state === 'completed' && (image !== null || row.imageFile !== null || isShown);
}

/** Parts are shown with the last word, and never wait for anything else. */
function isPartAtHand(task: LiveTask): boolean {
  return isInPart(task) && task.image !== null;
}

/** Whether the next message has to carry the image: the reply has it not, or Discord didn't say where. */
export function isToUpload(task: LiveTask): boolean {
  return (task.row.state === 'completed' || isInPart(task)) && task.attachmentId === null;
}

/** Remembers where the reply has them, so that nothing is uploaded twice. */
export function markShown(pictures: readonly Picture[], { attachmentIds }: Shown): void {
  for (const [index, { task }] of pictures.entries()) {
    task.isShown = true;
    task.attachmentId = attachmentIds[index] ?? null;
  }
}

/** The next edit uploads everything anew. */
export function forgetShown({ tasks }: Job): void {
  for (const task of tasks) {
    task.isShown = false;
    task.attachmentId = null;
  }
}

/** What each of several files of one request may weigh, in bytes: a place that takes larger files takes larger requests. */
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
