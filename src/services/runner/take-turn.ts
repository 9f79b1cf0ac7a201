import { TOKEN_TRUSTED_MS } from '../discord/replies.ts';
import { isWaiting } from '../ledger/steps.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job } from './job.ts';
import type { Turn } from './line.ts';

/**
 * Waits in the queue until the limits let the generation begin, and writes that down. What has begun before goes on.
 * Rejects with an AbortError when the process is about to stop.
 */
export async function takeTurn(job: Job, deps: RunnerDeps): Promise<void> {
  const { ledger, queue, now } = deps;
  if (job.isTry) await backInLine(job, deps);
  const { generation, log, halt: signal, resumed } = job;
  const turn = turnOf(job, now());
  if (job.isCancelled || turn.tasks === 0) return;
  if (hasBegun(job)) return queue.goOn(turn);

  const dearFrom = generation.tokenAt + TOKEN_TRUSTED_MS;
  const moved = (place: Job['place']) => {
    job.place = place;
    job.changed();
  };
  try {
    const how = await queue.wait(
      { ...turn, since: generation.createdAt },
      { signal, resumed, dearFrom, moved },
    );
    job.isTry = how === 'try';
  } catch (error) {
    if (!job.isCancelled) throw error;
    return;
  } finally {
    job.place = null;
  }
  job.generation = { ...job.generation, startedAt: now() };
  try {
    await ledger.generations.start(generation.id);
  } catch (err) {
    log.error({ err }, 'the start could not be written; the next process would let it wait once more');
  }
}

/** A try that was refused is as if it had never begun; where the service took some of its images, it goes on. */
async function backInLine(job: Job, { ledger }: RunnerDeps): Promise<void> {
  job.isTry = false;
  if (job.tasks.some(({ row }) => row.state !== 'reserved')) return;
  job.generation = { ...job.generation, startedAt: null };
  try {
    await ledger.generations.backInLine(job.generation.id);
  } catch (err) {
    job.log.error(
      { err },
      'that it waits again could not be written; the next process would not let it wait',
    );
  }
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
