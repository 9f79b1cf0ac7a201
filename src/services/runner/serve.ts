import type { Placed } from '../replies.ts';
import { collect } from './collect.ts';
import { deliver } from './deliver.ts';
import type { RunnerDeps } from './deps.ts';
import { type Job, type LiveTask, type Stage, stateOf } from './job.ts';
import { createPainter } from './painter.ts';
import { patiently } from './patience.ts';
import { record } from './record.ts';
import { submit } from './submit.ts';
import { watch } from './watch.ts';

const PROOF_PAUSES_MS = [1000, 2000, 5000, 10_000] as const;

/**
 * Serves one generation from wherever its rows say it is to its last visible word. When the process is about to
 * stop, the reply says at once that it goes on later, and so it does: the next process needs nothing but the rows.
 */
export async function serve(job: Job, deps: RunnerDeps, { resumed }: { resumed: boolean }): Promise<void> {
  const { replies, render, now } = deps;
  const edit = (stage?: Stage) => replies.edit(job.generation, render(stateOf(job, stage), now()), job.log);
  const painter = createPainter({
    edit: async (view: ReturnType<typeof render>) => {
      try {
        await remember(await replies.edit(job.generation, view, job.log), job, deps);
      } catch (err) {
        job.log.warn({ err }, 'the reply could not be edited; the next edit may');
      }
    },
  });
  job.changed = () => painter.show(render(stateOf(job), now()));

  let notice: Promise<unknown> | null = null;
  const announceRestart = () => {
    notice ??= painter.seal().then(() => edit('restarting'));
    // Whoever waits for the notice gets its failure; until then it must not count as unhandled.
    notice.catch(() => undefined);
  };
  job.stopping.addEventListener('abort', announceRestart);
  try {
    if (job.generation.acknowledgedAt === null) await proveReply(job, deps, edit);
    job.changed();
    await Promise.all(job.tasks.map((task) => advance(task, job, deps, resumed)));
    job.stopping.removeEventListener('abort', announceRestart);
    await painter.seal();
    await deliver(job, deps, { resumed });
  } catch (error) {
    if (job.stopping.aborted) {
      announceRestart();
      await notice;
      return;
    }
    job.log.error({ err: error }, 'the generation could not be served; the next start tries it again');
    await painter.seal();
    await edit('broken');
  } finally {
    job.stopping.removeEventListener('abort', announceRestart);
  }
}

/** Takes a task from state to state until it is over, or completed with its image at hand. */
async function advance(task: LiveTask, job: Job, deps: RunnerDeps, resumed: boolean): Promise<void> {
  for (let askAtOnce = resumed; ; askAtOnce = false) {
    switch (task.row.state) {
      case 'reserved':
        await submit(task, job, deps);
        job.stopping.throwIfAborted();
        break;
      case 'submitting': {
        // Only found like this after a crash in the middle of the create: nobody knows whether it was taken.
        const change = deps.ledger.tasks.leaveUnconfirmed(task.row.id);
        await record(task, job, change, deps, { state: 'unconfirmed', reason: 'outcome-unknown' });
        break;
      }
      case 'running':
        await watch(task, job, deps, { askAtOnce });
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

/**
 * Nobody pays for a reply that can't be shown: where Discord's answer to the deferral isn't known, an edit tells.
 * Where the reply turns out not to be there, nothing is sent to the service.
 */
async function proveReply(job: Job, deps: RunnerDeps, edit: () => Promise<Placed | null>): Promise<void> {
  const placed = await patiently(edit, {
    pausesMs: PROOF_PAUSES_MS,
    worthwhile: (_, tries) => tries <= PROOF_PAUSES_MS.length,
    stopping: job.stopping,
  });
  if (placed) {
    await deps.ledger.generations.acknowledge(job.generation.id);
    return remember(placed, job, deps);
  }
  for (const task of job.tasks) {
    const change = deps.ledger.tasks.refuse(task.row.id, { reason: 'reply-gone' });
    await record(task, job, change, deps, { state: 'refused', reason: 'reply-gone' });
  }
}

/** The message's id is what reaches it once the interaction's token is dead. */
async function remember(placed: Placed | null, job: Job, { ledger }: RunnerDeps): Promise<void> {
  if (!placed || job.generation.messageId === placed.messageId) return;
  job.generation = { ...job.generation, messageId: placed.messageId };
  await ledger.generations.setMessage(job.generation.id, placed.messageId);
}
