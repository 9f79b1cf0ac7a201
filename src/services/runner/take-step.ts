import type { Step } from '../ledger/steps.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveTask } from './job.ts';

type Deps = Pick<RunnerDeps, 'ledger'>;

/**
 * Takes a step that has already happened, and writes it down. Where the ledger can't be written (a full disk) the work
 * goes on from memory, since what was paid for must still arrive; the next write that works catches up.
 */
export async function takeStep(task: LiveTask, step: Step, job: Job, deps: Deps): Promise<void> {
  if (!step.from.includes(task.row.state))
    throw new Error(`a task that is ${task.row.state} can not take this step`);
  task.row = step.to(task.row);
  await catchUp(task, job, deps);
  job.changed();
}

/** Takes a step that must be on disk before what it allows is done. Throws where it can't be written. */
export async function takeStepOnDisk(task: LiveTask, step: Step, job: Job, { ledger }: Deps): Promise<void> {
  const next = step.to(task.row);
  if (!(await ledger.tasks.save(task.onDisk, next)))
    throw new Error(`task ${next.id} is not ${task.onDisk} in the ledger`);
  task.row = next;
  task.onDisk = next.state;
  job.changed();
}

/** Brings the ledger up to what the process knows. */
export async function catchUp(task: LiveTask, job: Job, { ledger }: Deps): Promise<void> {
  const { row, onDisk } = task;
  try {
    if (!(await ledger.tasks.save(onDisk, row)))
      throw new Error(`task ${row.id} is not ${onDisk} in the ledger`);
    task.onDisk = row.state;
  } catch (err) {
    const { id: taskId, state, serviceTaskId } = row;
    job.log.error(
      { err, taskId, state, serviceTaskId },
      'the ledger could not be written; going on from memory',
    );
  }
}
