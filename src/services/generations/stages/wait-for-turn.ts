import { TOKEN_TRUSTED_MS } from '../../discord/replies.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { Job } from '../job.ts';

export interface TurnDeps {
  readonly ledger: Pick<Ledger, 'turns'>;
  readonly scheduler: Scheduler;
  readonly now: () => number;
}

/**
 * Waits in line until the limits let the generation begin. What has begun before goes on. Rejects with an AbortError
 * when the process is about to stop.
 */
export async function waitForTurn(job: Job, deps: TurnDeps): Promise<void> {
  const { scheduler, now } = deps;
  if (job.isTry) await putBack(job, deps);
  if (job.isCancelled || hasBegun(job)) return;

  const { tokenAt } = job.generation;
  const listener = {
    resumed: job.resumed,
    dearFrom: tokenAt + TOKEN_TRUSTED_MS,
    moved: (place: Job['place']) => {
      job.place = place;
      job.changed();
    },
  };
  try {
    const how = await scheduler.wait(job.generation, { ...listener, signal: job.halt });
    job.isTry = how === 'try';
  } catch (error) {
    if (!job.isCancelled) throw error;
    return;
  } finally {
    job.place = null;
  }
  job.generation = { ...job.generation, startedAt: now() };
}

/** A try that was refused is as if it had never begun; where the service took some of its images, it goes on. */
async function putBack(job: Job, { ledger }: TurnDeps): Promise<void> {
  job.isTry = false;
  if (job.tasks.some(({ row }) => row.state !== 'reserved')) return;
  await job.note(
    { startedAt: null },
    ledger.turns.putBack(job.generation.id),
    'the next process would not let the generation wait',
  );
}

function hasBegun({ generation, tasks }: Job): boolean {
  return generation.startedAt !== null || tasks.some(({ row }) => row.state !== 'reserved');
}
