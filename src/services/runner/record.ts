import type { Task } from '../ledger/rows.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveTask } from './job.ts';

/**
 * Writes down what has already happened. Where another hand was faster, the row's truth is taken over; where the
 * ledger can't be written (a full disk), the work goes on from memory, since what was paid for must still arrive.
 */
export async function record(
  task: LiveTask,
  job: Job,
  change: Promise<Task | null>,
  deps: Pick<RunnerDeps, 'ledger'>,
  otherwise: Partial<Task>,
): Promise<void> {
  try {
    task.row = (await change) ?? (await reread(task, deps));
  } catch (err) {
    task.row = { ...task.row, ...otherwise };
    job.log.error(
      { err, taskId: task.row.id, ...otherwise },
      'the ledger could not be written; going on from memory',
    );
  }
  job.changed();
}

async function reread(task: LiveTask, { ledger }: Pick<RunnerDeps, 'ledger'>): Promise<Task> {
  const found = await ledger.generations.find(task.row.generationId);
  return found?.tasks.find(({ id }) => id === task.row.id) ?? task.row;
}
