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

/** Where the disk can't be written, the image stays where it is. */
export async function keepOnDisk(
  task: LiveTask,
  { bytes, info }: LiveImage,
  job: Job,
  deps: RunnerDeps,
): Promise<void> {
  const { id, imageFile } = task.row;
  const file = `${id}.${info.extension}`;
  if (imageFile === file) return;
  try {
    await deps.files.save(file, bytes);
  } catch (err) {
    job.log.error({ err, taskId: id }, 'the image could not be kept on disk; it is delivered without');
    return;
  }
  await takeStep(task, steps.keepImage(file), job, deps);
}
