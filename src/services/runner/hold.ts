import { FetchError } from '../images/fetch.ts';
import { bring } from './bring.ts';
import type { RunnerDeps } from './deps.ts';
import { giveUp } from './give-up.ts';
import type { Job, LiveTask } from './job.ts';
import { allKept } from './keep.ts';

/** An outage of the service's storage is waited out for half an hour. */
const REFETCHES_MAX = 33;

/**
 * Has these tasks' images in memory together, as one message needs them. What the job holds of them before is put
 * aside first: two jobs that wait for more while they insist on some would wait for each other. An image that can't be
 * had any more makes its task undeliverable, and the others go on.
 */
export async function hold(
  tasks: readonly LiveTask[],
  job: Job,
  deps: RunnerDeps,
  signal: AbortSignal,
): Promise<void> {
  if (tasks.some(isAway)) {
    await allKept(job);
    putAside(job.tasks, job, deps);
  }
  await deps.room.enter(tasks, signal);
  const brought = await Promise.allSettled(tasks.filter(isAway).map((task) => fillPlace(task, job, deps)));
  const failed = brought.find((result) => result.status === 'rejected');
  if (!failed) return;
  putAside(tasks, job, deps);
  throw failed.reason;
}

function isAway({ image }: LiveTask): boolean {
  return image === null;
}

/** Throws where another try may help. */
async function fillPlace(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  try {
    task.image = await bring(task, job, deps);
  } catch (error) {
    deps.room.leave(task);
    task.refetches += 1;
    if (error instanceof FetchError && error.passing && task.refetches < REFETCHES_MAX) throw error;
    await giveUp(task, error, job, deps);
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
