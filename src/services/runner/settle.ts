import { steps } from '../ledger/steps.ts';
import type { Shown } from '../replies.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job } from './job.ts';
import { patiently } from './patience.ts';

const STORAGE_PAUSES_MS = [1000, 5000, 15_000, 60_000] as const;

/**
 * Writes down in one go that the last word is visible, and lets go of the files that have arrived. Nothing of this
 * shows: where the disk can't be written it is tried again, and the next process would deliver the same once more.
 */
export async function settle(job: Job, shown: Shown | null, { ledger, files }: RunnerDeps): Promise<void> {
  const arrived: string[] = [];
  for (const task of job.tasks.filter(({ row }) => row.state === 'completed')) {
    if (shown && task.row.imageFile) arrived.push(task.row.imageFile);
    task.row = (shown ? steps.deliver(task.attachmentId) : steps.giveUp('nowhere-to-deliver')).to(task.row);
  }
  if (hasMoved(job, shown)) {
    // What an earlier delivery left in a message stayed there.
    for (const task of job.tasks.filter(({ attachmentId }) => attachmentId === null))
      task.row = { ...task.row, attachmentId: null };
  }
  const ends = job.tasks.map(({ onDisk, row }) => ({ from: onDisk, task: row }));

  await patiently(() => ledger.generations.settle(job.generation.id, shown, ends), {
    pausesMs: STORAGE_PAUSES_MS,
    worthwhile(err) {
      job.log.error(
        { err },
        'the ledger could not be written; the generation is visible but not settled yet',
      );
      return true;
    },
    halt: job.stopping,
  });
  const states = job.tasks.map(({ row }) => row.state);
  job.log.info({ states, visible: shown !== null }, 'the generation is settled');

  await files
    .removeAll(arrived)
    .catch((err: unknown) => job.log.warn({ err }, 'a delivered file could not be removed'));
}

function hasMoved({ generation: { message } }: Job, shown: Shown | null): boolean {
  return shown !== null && message !== null && shown.id !== message.id;
}
