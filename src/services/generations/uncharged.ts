import type { Allowance } from '../concurrency/allowance.ts';
import type { FileStore } from '../images/file-store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Task } from '../ledger/rows.ts';
import type { Job } from './job.ts';

export interface ForgetDeps {
  readonly ledger: Pick<Ledger, 'storedData'>;
  readonly files: Pick<FileStore, 'removeAll'>;
}

export interface UnchargedDeps extends ForgetDeps {
  /** Limits a person's uncharged requests, and the kept references of these. */
  readonly unchargedRequests: Allowance;
  readonly unchargedReferences: Allowance;
}

/**
 * Counts an uncharged request. No limit per day bounds these, although each has rows and references. Beyond a number
 * that people may reach by mistake, their references aren't kept.
 */
export async function countUncharged(job: Job, deps: UnchargedDeps): Promise<void> {
  if (!job.tasks.every(({ row }) => wasGivenBack(row))) return;
  const { userId } = job.generation;
  deps.unchargedRequests.take(userId);
  const kept = job.references.length;
  if (kept === 0 || deps.unchargedReferences.take(userId, kept)) return;
  job.log.info('many requests of this person were given back: the references of this one are not kept');
  await forgetReferences(job, deps);
}

/** Deletes the files of a request's references, and the URL of the useless one. Never rejects. */
export async function forgetReferences(
  job: Job,
  { ledger, files }: ForgetDeps,
  useless: number | null = null,
): Promise<void> {
  try {
    await files.removeAll(await ledger.storedData.forgetReferences(job.generation.id, useless));
  } catch (err) {
    job.log.warn({ err }, 'what was kept of the references could not be removed; it ages out');
  }
}

/** Whether the ledger counts the task towards no limit per day. */
function wasGivenBack({ state, serviceTaskId }: Task): boolean {
  return state === 'refused' || (state === 'cancelled' && serviceTaskId === null);
}
