import { isWaiting } from '../ledger/steps.ts';
import type { Placed } from '../replies.ts';
import { acknowledge, type Defer, remember } from './acknowledge.ts';
import { advance } from './advance.ts';
import { deliver } from './deliver.ts';
import type { RunnerDeps } from './deps.ts';
import { type Job, type Stage, stateOf } from './job.ts';
import { createPainter } from './painter.ts';
import { settle } from './settle.ts';

/**
 * Serves one generation from wherever its rows say it is to its last visible word, and writes that down. Rejects with
 * an AbortError when the process is about to stop, after the reply says that it goes on later.
 */
export async function serve(job: Job, deps: RunnerDeps, defer: Defer | null): Promise<void> {
  const placed = await makeVisible(job, deps, defer);
  // From here on nothing may be edited any more: what the person sees is final.
  await settle(job, placed, deps);
}

async function makeVisible(job: Job, deps: RunnerDeps, defer: Defer | null): Promise<Placed | null> {
  const { replies, render, now } = deps;
  const edit = (stage: Stage, signal?: AbortSignal) =>
    replies.edit(job.generation, render(stateOf(job, stage), now()), job.log, signal);
  const painter = createPainter({
    async edit(view: ReturnType<typeof render>, signal) {
      try {
        const placed = await replies.edit(job.generation, view, job.log, signal);
        if (placed) await remember(placed, job, deps);
        return placed !== null;
      } catch (err) {
        job.log.warn({ err }, 'the reply could not be edited; the next edit may');
        return false;
      }
    },
  });

  async function announce(stage: Stage): Promise<void> {
    await painter.seal();
    await edit(stage).catch((err: unknown) => job.log.warn({ err, stage }, 'the reply could not say so'));
  }
  let announcement: Promise<void> | null = null;
  const announceRestart = () => {
    announcement ??= announce('restarting');
  };

  try {
    await acknowledge(job, deps, defer);
    job.stopping.throwIfAborted();
    job.stopping.addEventListener('abort', announceRestart);
    job.changed = () => {
      if (hasNews(job)) painter.show(render(stateOf(job), now()));
    };
    // After a restart the reply shows what it showed, until there is news.
    if (!job.resumed) job.changed();
    await allOf(job.tasks.map((task) => advance(task, job, deps)));
    job.stopping.throwIfAborted();
    job.stopping.removeEventListener('abort', announceRestart);
    await painter.seal();
    return await deliver(job, deps);
  } catch (error) {
    if (job.stopping.aborted) announceRestart();
    else await announce('broken');
    await announcement;
    throw error;
  } finally {
    job.changed = () => undefined;
    job.stopping.removeEventListener('abort', announceRestart);
  }
}

/** Whether there is something to show before the last word, which is deliver's: nothing may stand in its way. */
function hasNews({ tasks, trouble }: Job): boolean {
  return tasks.some(
    ({ row, image }) => isWaiting(row) || (trouble === 'download' && row.state === 'completed' && !image),
  );
}

/** Like Promise.all, but none is still under way when it rejects: what is tried again must not be done twice. */
async function allOf(under: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(under)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
