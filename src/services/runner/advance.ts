import { steps } from '../ledger/steps.ts';
import { collect } from './collect.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveTask } from './job.ts';
import { submit } from './submit.ts';
import { takeStep } from './take-step.ts';
import { watch } from './watch.ts';

/** Takes a task from state to state until it is over, or completed with its image at hand. */
export async function advance(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  for (let found = job.resumed; ; found = false) {
    switch (task.row.state) {
      case 'reserved':
        await submit(task, job, deps);
        job.stopping.throwIfAborted();
        break;
      case 'submitting':
        // Only found like this after a crash in the middle of the create: nobody knows whether it was taken.
        await takeStep(task, steps.leaveUnconfirmed(null, deps.now()), job, deps);
        break;
      case 'running':
        await watch(task, job, deps, { askAtOnce: found });
        break;
      case 'completed':
        if (task.image) return;
        await collect(task, job, deps);
        break;
      default:
        return;
    }
  }
}
