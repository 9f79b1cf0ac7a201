import { TOKEN_TRUSTED_MS } from '../../discord/replies.ts';
import type { Ledger } from '../../ledger/index.ts';
import { isWaiting } from '../../ledger/transitions.ts';
import type { Turn } from '../../scheduler/fair-order.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { Job } from '../job.ts';

export interface TurnDeps {
  readonly ledger: Pick<Ledger, 'generations'>;
  readonly scheduler: Scheduler;
  readonly now: () => number;
}

/**
 * Waits in line until the limits let the generation begin, and writes that down. What has begun before goes on. Rejects
 * with an AbortError when the process is about to stop.
 */
export async function waitForTurn(job: Job, deps: TurnDeps): Promise<void> {
  const { ledger, scheduler, now } = deps;
  if (job.isTry) await backInLine(job, deps);
  const turn = turnOf(job, now());
  if (job.isCancelled || turn.tasks === 0) return;
  if (hasBegun(job)) return scheduler.goOn(turn);

  const { id, tokenAt, createdAt } = job.generation;
  const listener = {
    resumed: job.resumed,
    dearFrom: tokenAt + TOKEN_TRUSTED_MS,
    moved: (place: Job['place']) => {
      job.place = place;
      job.changed();
    },
  };
  try {
    const how = await scheduler.wait({ ...turn, since: createdAt }, { ...listener, signal: job.halt });
    job.isTry = how === 'try';
  } catch (error) {
    if (!job.isCancelled) throw error;
    return;
  } finally {
    job.place = null;
  }
  await job.note(
    { startedAt: now() },
    ledger.generations.start(id),
    'the next process would let the generation wait once more',
  );
}

/** A try that was refused is as if it had never begun; where the service took some of its images, it goes on. */
async function backInLine(job: Job, { ledger }: TurnDeps): Promise<void> {
  job.isTry = false;
  if (job.tasks.some(({ row }) => row.state !== 'reserved')) return;
  await job.note(
    { startedAt: null },
    ledger.generations.backInLine(job.generation.id),
    'the next process would not let the generation wait',
  );
}

/** How many of its images the service has to make, or goes on with. */
export function tasksLeft({ tasks }: Pick<Job, 'tasks'>, now: number): number {
  return tasks.filter(({ row }) => isWaiting(row) || (row.busyUntil ?? 0) > now).length;
}

function hasBegun({ generation, tasks }: Job): boolean {
  return generation.startedAt !== null || tasks.some(({ row }) => row.state !== 'reserved');
}

function turnOf(job: Job, now: number): Turn {
  const { id, userId, guildId, runningLimits } = job.generation;
  return { id, userId, guildId, limits: runningLimits, tasks: tasksLeft(job, now) };
}
