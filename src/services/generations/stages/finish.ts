import { setTimeout as delay } from 'node:timers/promises';
import { retry } from '../../concurrency/retry.ts';
import { isPassing } from '../../discord/errors.ts';
import type { Notices } from '../../discord/notices.ts';
import type { Placed, Shown } from '../../discord/replies.ts';
import type { FileStore } from '../../images/file-store.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Generation, Task } from '../../ledger/rows.ts';
import { transitions } from '../../ledger/transitions.ts';
import { type EditTextDeps, editText } from '../edit-text.ts';
import { isInPart } from '../give-up.ts';
import { type Job, type JobState, stateOf } from '../job.ts';
import { countUncharged, type UnchargedDeps } from '../uncharged.ts';

export interface FinishDeps extends UnchargedDeps, EditTextDeps {
  readonly ledger: Pick<Ledger, 'generations' | 'settings' | 'storedData'>;
  readonly files: FileStore;
  readonly notices: Notices;
  /** The text of the notice that a person gets besides the reply. */
  readonly renderNotice: (state: JobState, reply: Placed) => string;
  readonly observer: {
    /** The last word is visible, `deliveryMs` after its last image was noticed; null when that can't be measured. */
    settled(generation: Generation, tasks: readonly Task[], deliveryMs: number | null): void;
  };
}

/** The final message. */
export interface LastWord {
  /** Null when there is no way left to show it. */
  readonly shown: Shown | null;
  /** An aborted edit may land after it. */
  readonly isContested: boolean;
}

const STORAGE_PAUSES_MS = [1000, 5000, 15_000, 60_000] as const;
/** After this long, Discord has applied an aborted request or never will. */
const ABORTED_EDIT_LANDS_WITHIN_MS = 5000;
const REPEAT_PAUSES_MS = [2000, 10_000, 30_000, 60_000] as const;

/** Follows up on the last word: repeats it if it is contested, records it, and notifies a person who wants that. */
export async function finish(job: Job, { shown, isContested }: LastWord, deps: FinishDeps): Promise<void> {
  const repeated = isContested ? repeatLastWord(job, deps) : Promise.resolve();
  await Promise.all([repeated.then(() => settle(job, shown, deps)), notify(job, shown, deps)]);
}

/**
 * Sends the last word once more, without its images, which stay. An aborted edit may still have reached Discord, and
 * may have been applied after the last word.
 */
async function repeatLastWord(job: Job, deps: EditTextDeps): Promise<void> {
  await delay(ABORTED_EDIT_LANDS_WITHIN_MS, null, { signal: job.stopping }).catch(() => undefined);
  try {
    await retry(() => editText(job, 'final', deps), {
      pausesMs: REPEAT_PAUSES_MS,
      worthwhile: (error, tries) => isPassing(error) && tries <= REPEAT_PAUSES_MS.length,
      halt: job.stopping,
    });
  } catch (err) {
    job.log.warn({ err }, 'the last word could not be repeated; the reply may show older progress');
  }
}

/**
 * Records in one transaction that the last word is visible, and deletes the delivered files. Nobody waits for this, so
 * it is retried until the disk can be written. If the process ends first, the next one delivers the last word again.
 */
async function settle(job: Job, shown: Shown | null, deps: FinishDeps): Promise<void> {
  const { ledger, files, observer, now } = deps;
  const deliveryMs = shown && deliveryTime(job, now());
  const arrived = job.tasks.flatMap(({ row, isShown }) => {
    const isThere = row.state === 'completed' || (isShown && isInPart({ row }));
    return shown && isThere && row.imageFile !== null ? [row.imageFile] : [];
  });
  for (const task of job.tasks) task.row = settled(task, job, shown);
  await keepThumbnails(job, files);
  const ends = job.tasks.map(({ onDisk, row }) => ({ from: onDisk, task: row }));

  await retry(() => job.held(ledger.generations.settle(job.generation.id, shown, ends)), {
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
  const rows = job.tasks.map(({ row }) => row);
  const states = rows.map(({ state }) => state);
  job.log.info({ states, visible: shown !== null, deliveryMs }, 'the generation is settled');
  observer.settled(job.generation, rows, deliveryMs);

  await countUncharged(job, deps);
  await files
    .removeAll(arrived)
    .catch((err: unknown) => job.log.warn({ err }, 'a delivered file could not be removed'));
}

/** Stores the thumbnails. A missing one only leaves a plain tile in the history. */
async function keepThumbnails(job: Job, files: FileStore): Promise<void> {
  for (const task of job.tasks) {
    if (task.row.state !== 'delivered' || task.thumbnail === null) continue;
    const thumbnailFile = `${task.row.id}.thumbnail.webp`;
    try {
      await files.save(thumbnailFile, task.thumbnail);
      task.row = { ...task.row, thumbnailFile };
    } catch (err) {
      job.log.warn(
        { err, taskId: task.row.id },
        'what the image looks like could not be kept for the history',
      );
    }
  }
}

/** The task's row once the last word is visible, or can't be shown. */
function settled(task: Job['tasks'][number], job: Job, shown: Shown | null): Task {
  let { row } = task;
  if (row.state === 'completed')
    row = (shown ? transitions.deliver(task.attachmentId) : transitions.giveUp('nowhere-to-deliver')).to(row);
  else if (shown && task.isShown && isInPart(task)) row = { ...row, imageFile: null };
  // Attachments of an earlier delivery stayed in the old message.
  return hasMoved(job, shown) && task.attachmentId === null ? { ...row, attachmentId: null } : row;
}

/** Milliseconds from noticing the last image until it is visible; null when there is none, or after a restart. */
function deliveryTime({ tasks, resumed }: Job, now: number): number | null {
  const images = tasks.filter(({ row }) => row.state === 'completed');
  if (resumed || images.length === 0) return null;
  return now - Math.max(...images.map(({ row }) => row.endedAt ?? now));
}

function hasMoved({ generation: { message } }: Job, shown: Shown | null): boolean {
  return shown !== null && message !== null && shown.id !== message.id;
}

/**
 * Notifies the person once, in the way that they chose, because an edit alone notifies nobody. Never rejects: the reply
 * is what counts, and a lost notice costs nothing.
 */
async function notify(job: Job, shown: Shown | null, deps: FinishDeps): Promise<void> {
  const { id, userId, tokenAt } = job.generation;
  // A new message has notified the person already, and a person who cancels is present.
  if (!shown || shown.notified || job.isCancelled) return;
  try {
    const { notify: way, notifyAfterSeconds } = await deps.ledger.settings.of(userId);
    if (way === 'off' || deps.now() - tokenAt < notifyAfterSeconds * 1000) return;
    // Written first, because two notices are worse than none.
    if (!(await deps.ledger.generations.claimNotice(id))) return;
    await deps.notices.tell(job.generation, shown, way, deps.renderNotice(stateOf(job, 'final'), shown));
  } catch (err) {
    job.log.warn({ err }, 'the person could not be notified that the images are done');
  }
}
