import { isWaiting, steps } from '../ledger/steps.ts';
import { collect } from './collect.ts';
import type { RunnerDeps } from './deps.ts';
import { busyUntil } from './expectation.ts';
import type { Job, LiveTask } from './job.ts';
import { submit } from './submit.ts';
import { takeStep } from './take-step.ts';
import { watch } from './watch.ts';

/** Takes a task from state to state until it is over, or completed with its image at hand. */
export async function advance(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  for (let found = job.resumed; ; found = false) {
    if (job.isCancelled && isWaiting(task.row)) {
      return takeStep(task, steps.cancel(deps.now(), busyUntil(task, job, deps)), job, deps);
    }
    job.stopping.throwIfAborted();
    try {
      if (await isOver(task, job, deps, found)) return;
    } catch (error) {
      const wasAborted = error instanceof Error && error.name === 'AbortError';
      if (!wasAborted || !job.isCancelled) throw error;
    }
  }
}

/** Does what the task's state asks for; true where there is nothing left to do. Not async: thousands wait here. */
function isOver(task: LiveTask, job: Job, deps: RunnerDeps, found: boolean): Promise<boolean> {
  switch (task.row.state) {
    case 'reserved':
      // Still reserved: it was put back, for another turn or the next process.
      return submit(task, job, deps).then(() => task.row.state === 'reserved');
    case 'submitting':
      // Only found like this after a crash in the middle of the create: nobody knows whether it was taken.
      return takeStep(task, steps.leaveUnconfirmed(null, deps.now()), job, deps).then(yes);
    case 'running':
      return watch(task, job, deps, { askAtOnce: found }).then(notYet);
    case 'completed':
      return (task.image ? Promise.resolve() : collect(task, job, deps)).then(yes);
    default:
      return Promise.resolve(true);
  }
}

const yes = () => true;
const notYet = () => false;
