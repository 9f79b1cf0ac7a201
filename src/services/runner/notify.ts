import type { Shown } from '../discord/replies.ts';
import type { RunnerDeps } from './deps.ts';
import { type Job, stateOf } from './job.ts';

/**
 * Tells the person besides the reply that it is done, as they want it, once: an edit alone notifies nobody. Never
 * rejects: what counts is the reply, and a notice that is lost costs nothing.
 */
export async function notify(job: Job, shown: Shown | null, deps: RunnerDeps): Promise<void> {
  const { id, userId, tokenAt } = job.generation;
  // Whoever got a new message was notified by it; whoever cancelled is there.
  if (!shown || shown.notified || job.isCancelled) return;
  try {
    const { notify: way, notifyAfterSeconds } = await deps.ledger.settings.of(userId);
    if (way === 'off' || deps.now() - tokenAt < notifyAfterSeconds * 1000) return;
    // Written first: told twice is worse than not told.
    if (!(await deps.ledger.generations.claimNotice(id))) return;
    const words = deps.renderNotice(stateOf(job, 'final'), shown);
    await deps.notices.tell(job.generation, shown, way, words);
  } catch (err) {
    job.log.warn({ err }, 'the person could not be told that it is done');
  }
}
