import { FetchError } from '../images/fetch.ts';
import { bring, FETCH_TRIES } from './bring.ts';
import type { RunnerDeps } from './deps.ts';
import { giveUp } from './give-up.ts';
import type { Job, LiveTask } from './job.ts';
import { allKept } from './keep.ts';

/**
 * Has these tasks' images in memory together, as one message needs them. What the job held of them before is let go
 * of first: two jobs that wait for more while they hold some would wait for each other. An image that can't be had any
 * more makes its task undeliverable, and the others go on.
 */
export async function hold(
  tasks: readonly LiveTask[],
  job: Job,
  deps: RunnerDeps,
  signal: AbortSignal,
): Promise<void> {
  if (tasks.every(({ image }) => image !== null)) return;
  await allKept(job);
  letGo(job.tasks, deps);
  await deps.room.enter(tasks.length, signal);
  const brought = await Promise.allSettled(tasks.map((task) => fillPlace(task, job, deps)));
  const failed = brought.find((result) => result.status === 'rejected');
  if (!failed) return;
  letGo(tasks, deps);
  throw failed.reason;
}

/** Throws where another try may help. */
async function fillPlace(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  try {
    task.image = await bring(task, job, deps);
  } catch (error) {
    deps.room.leave(1);
    task.refetches += 1;
    if (error instanceof FetchError && error.passing && task.refetches < FETCH_TRIES) throw error;
    await giveUp(task, error, job, deps);
  }
}

/** Makes room. What is needed again is read from disk, or fetched. */
export function letGo(tasks: readonly LiveTask[], { room }: RunnerDeps): void {
  for (const task of tasks) {
    if (!task.image) continue;
    task.image = null;
    task.file = null;
    room.leave(1);
  }
}
