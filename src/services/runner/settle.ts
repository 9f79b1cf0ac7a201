import type { Shown } from '../discord/replies.ts';
import { steps } from '../ledger/steps.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job } from './job.ts';
import { isInPart } from './part.ts';
import { patiently } from './patience.ts';

const STORAGE_PAUSES_MS = [1000, 5000, 15_000, 60_000] as const;

/**
 * Writes down in one go that the last word is visible, and lets go of the files that have arrived. Nothing of this
 * shows: where the disk can't be written it is tried again, and the next process would deliver the same once more.
 */
export async function settle(job: Job, shown: Shown | null, deps: RunnerDeps): Promise<void> {
  const { ledger, files, observer, now } = deps;
  const deliveryMs = shown && deliveryTime(job, now());
  const arrived: string[] = [];
  for (const task of job.tasks.filter(({ row }) => row.state === 'completed')) {
    if (shown && task.row.imageFile) arrived.push(task.row.imageFile);
    task.row = (shown ? steps.deliver(task.attachmentId) : steps.giveUp('nowhere-to-deliver')).to(task.row);
  }
  for (const task of job.tasks.filter((task) => shown && task.isShown && isInPart(task))) {
    if (task.row.imageFile) arrived.push(task.row.imageFile);
    task.row = { ...task.row, imageFile: null };
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
  job.log.info({ states, visible: shown !== null, deliveryMs }, 'the generation is settled');
  observer.settled(
    job.generation,
    job.tasks.map(({ row }) => row),
    deliveryMs,
  );

  await files
    .removeAll(arrived)
    .catch((err: unknown) => job.log.warn({ err }, 'a delivered file could not be removed'));
}

/** From the last image being noticed to its being visible; null where there is none, or a process came in between. */
function deliveryTime({ tasks, resumed }: Job, now: number): number | null {
  const images = tasks.filter(({ row }) => row.state === 'completed');
  if (resumed || images.length === 0) return null;
  return now - Math.max(...images.map(({ row }) => row.endedAt ?? now));
}

function hasMoved({ generation: { message } }: Job, shown: Shown | null): boolean {
  return shown !== null && message !== null && shown.id !== message.id;
}
