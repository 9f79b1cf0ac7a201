import { FetchError } from '../images/fetch.ts';
import { NotAnImageError } from '../images/inspect.ts';
import { bring } from './bring.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveTask } from './job.ts';
import { allKept } from './keep.ts';

/**
 * Has these tasks' images in memory together, as one message needs them. What the job holds of them before is put
 * aside first: two jobs that wait for more while they insist on some would wait for each other. One try: returns the
 * tasks whose images could not be had now, and has none of the others in that case.
 */
export async function hold(
  tasks: readonly LiveTask[],
  job: Job,
  deps: RunnerDeps,
  signal: AbortSignal,
): Promise<LiveTask[]> {
  if (tasks.some(isAway)) {
    await allKept(job);
    putAside(job.tasks, job, deps);
  }
  await deps.room.enter(tasks, signal, job.generation.userId);
  const away = tasks.filter(isAway);
  const brought = await Promise.allSettled(away.map((task) => fillPlace(task, job, deps)));
  const missing = away.filter(isAway);
  if (missing.length > 0) putAside(tasks, job, deps);
  for (const result of brought) if (result.status === 'rejected') throw result.reason;
  return missing;
}

function isAway({ image }: LiveTask): boolean {
  return image === null;
}

/** Throws what is not about the image. */
async function fillPlace(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  try {
    task.image = await bring(task, job, deps);
  } catch (err) {
    deps.room.leave(task);
    if (!(err instanceof FetchError || err instanceof NotAnImageError)) throw err;
    job.log.warn({ err, taskId: task.row.id }, 'the image could not be had once more');
  }
}

/**
 * Makes room while something else is waited for. What the disk did not take, and the reply has not got, stays for as long
 * as nobody needs its place: the service's address may be dead by then.
 */
export function putAside(tasks: readonly LiveTask[], job: Job, deps: RunnerDeps): void {
  letGo(tasks.filter(isElsewhere), deps);
  for (const task of tasks.filter(({ image }) => image !== null)) {
    deps.room.giveWay(task, () => {
      job.log.warn({ taskId: task.row.id }, 'an image that is not on disk gives way; it is fetched again');
      forget(task);
    });
  }
}

/** Whether the image can be had without the service, or need not be had any more. */
function isElsewhere({ row, attachmentId }: LiveTask): boolean {
  return row.imageFile !== null || attachmentId !== null || row.state !== 'completed';
}

/** Makes room. What is needed again is read from disk, or fetched. */
export function letGo(tasks: readonly LiveTask[], { room }: RunnerDeps): void {
  for (const task of tasks) {
    if (!task.image) continue;
    forget(task);
    room.leave(task);
  }
}

function forget(task: LiveTask): void {
  task.image = null;
  task.file = null;
}
