import { steps } from '../ledger/steps.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveImage, LiveTask } from './job.ts';
import { takeStep } from './take-step.ts';

/** Puts on disk meanwhile what is in memory alone, since it takes longer to arrive. What fails is tried at the next call. */
export function keepMeanwhile(job: Job, deps: RunnerDeps): void {
  for (const task of job.tasks) if (task.row.state === 'completed') void keep(task, job, deps);
}

/** The same with one image, until it is there or can't be written. Never rejects. */
export async function keep(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  if (task.image) {
    task.keeping ??= keepOnDisk(task, task.image, job, deps).finally(() => {
      task.keeping = null;
    });
  }
  await task.keeping;
}

/** Nothing more may be written about the tasks before. */
export async function allKept({ tasks }: Job): Promise<void> {
  await Promise.all(tasks.map(({ keeping }) => keeping));
}

/** Whether each image that is in memory can be had again without the service, whose address dies. */
export function isAllOnDisk({ tasks }: Job): boolean {
  return tasks.every(({ image, row }) => image === null || row.imageFile !== null);
}

async function keepOnDisk(task: LiveTask, image: LiveImage, job: Job, deps: RunnerDeps): Promise<void> {
  const file = await save(image, task, job, deps);
  if (file !== null && file !== task.row.imageFile) await takeStep(task, steps.keepImage(file), job, deps);
}

/** Writes the image to disk. The file's name, or null where the disk can't be written. */
export async function save(
  { bytes, info }: LiveImage,
  { row }: LiveTask,
  job: Job,
  { files }: RunnerDeps,
): Promise<string | null> {
  const file = `${row.id}.${info.extension}`;
  if (row.imageFile === file) return file;
  try {
    await files.save(file, bytes);
    return file;
  } catch (err) {
    job.log.error({ err, taskId: row.id }, 'the image could not be kept on disk; it stays in memory');
    return null;
  }
}
