import type { Allowance } from '../concurrency/allowance.ts';
import type { Turns } from '../concurrency/turns.ts';
import type { Draft } from '../ledger/drafts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../log.ts';
import type { Fetcher } from './fetch.ts';
import { fetchReference } from './fetch-reference.ts';
import type { FileStore } from './file-store.ts';
import { sentSidePx } from './reference.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly files: FileStore;
  readonly fetcher: Fetcher;
  /** Limits how many references are prepared for a person who hasn't confirmed a request yet. */
  readonly unpaidReferences: Allowance;
  readonly turns: Turns;
  readonly log: Logger;
}

type Reference = Draft['references'][number];

/**
 * Keeps the reference images of a draft on disk: a person may confirm it days later, and their URLs at Discord expire
 * within one day. Works on one draft at a time for each person, within their allowance. Never rejects: a reference that
 * isn't kept is fetched once the person confirms.
 */
export async function keepDraftReferences(
  id: string,
  userId: string,
  draft: Draft,
  deps: Deps,
): Promise<void> {
  const toFetch = draft.references.filter(isToFetch).length;
  if (toFetch === 0) return;
  if (!deps.unpaidReferences.take(userId, toFetch))
    return deps.log.info({ draft: id }, 'a person asks much and confirms little: no reference is kept');
  try {
    await deps.turns(userId, () => keepAll(id, userId, draft, deps));
  } catch (err) {
    deps.log.warn({ err, draft: id }, 'the references of a draft could not be kept');
  }
}

async function keepAll(id: string, userId: string, draft: Draft, deps: Deps): Promise<void> {
  // This draft may have been confirmed or cancelled while the person's earlier drafts had their turn.
  if (!(await deps.ledger.drafts.find(id))) return;
  const saved: string[] = [];
  const references: Reference[] = [];
  for (const [index, reference] of draft.references.entries()) {
    const maxSidePx = sentSidePx(draft.request);
    const file = await keep(reference, `${id}-reference-${index + 1}`, { userId, maxSidePx }, deps);
    if (file !== null) saved.push(file);
    references.push(file === null ? reference : { ...reference, file });
  }
  if (saved.length > 0 && !(await deps.ledger.drafts.setReferences(id, references)))
    await deps.files.removeAll(saved);
}

/** The most that waits for a person's answer. Older drafts count as cancelled. */
const UNANSWERED_MAX = { drafts: 20, references: 40 };

/** Deletes a person's oldest drafts. Otherwise somebody who never answers would fill the disk. */
export async function forgetSurplusDrafts(
  userId: string,
  { ledger, files }: Pick<Deps, 'ledger' | 'files'>,
): Promise<void> {
  for (const id of await ledger.drafts.surplusOf(userId, UNANSWERED_MAX))
    await files.removeAll((await ledger.storedData.forgetDraft(id)) ?? []);
}

function isToFetch({ url, file }: Reference): boolean {
  return url !== null && file === null;
}

async function keep(
  { url, source, file, isMask }: Reference,
  newName: string,
  { userId, maxSidePx }: { readonly userId: string; readonly maxSidePx: number },
  { files, fetcher, log }: Deps,
): Promise<string | null> {
  if (url === null || file !== null) return null;
  try {
    const { bytes, info } = await fetchReference({ source, url, isMask }, fetcher, userId, { maxSidePx });
    const newFile = `${newName}.${info.extension}`;
    await files.save(newFile, bytes);
    return newFile;
  } catch (err) {
    log.info({ err, file: newName }, 'a reference of a draft could not be kept');
    return null;
  }
}
