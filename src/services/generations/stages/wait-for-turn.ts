import { TOKEN_TRUSTED_MS } from '../../discord/replies.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { Job } from '../job.ts';

export interface TurnDeps {
  readonly ledger: Pick<Ledger, 'turns'>;
  readonly scheduler: Scheduler;
  readonly now: () => number;
}

/**
 * Waits in line until the limits let the generation begin; returns at once if it has begun already. Rejects with an
 * AbortError when the process is about to stop.
 */
export async function waitForTurn(job: Job, deps: TurnDeps): Promise<void> {
  const { scheduler, now } = deps;
  if (job.isProbe) await putBack(job, deps);
  if (job.isCancelled || hasBegun(job)) return;

  const { tokenAt } = job.generation;
  const listener = {
    resumed: job.resumed,
    slowFrom: tokenAt + TOKEN_TRUSTED_MS,
    moved: (place: Job['place']) => {
      job.place = place;
      job.changed();
    },
  };
  try {
    const how = await scheduler.wait(job.generation, { ...listener, signal: job.halt });
    job.isProbe = how === 'probe';
  } catch (error) {
    if (!job.isCancelled) throw error;
    return;
  } finally {
    job.place = null;
  }
  job.generation = { ...job.generation, startedAt: now() };
}

/** Puts a refused probe back in line, unless the service has accepted some of its tasks. */
async function putBack(job: Job, { ledger }: TurnDeps): Promise<void> {
  job.isProbe = false;
  if (job.tasks.some(({ row }) => row.state !== 'reserved')) return;
  await job.note(
    { startedAt: null },
    ledger.turns.putBack(job.generation.id),
    'after a restart the generation would begin without waiting',
  );
}

function hasBegun({ generation, tasks }: Job): boolean {
  return generation.startedAt !== null || tasks.some(({ row }) => row.state !== 'reserved');
}
