import type { Allowance } from '../concurrency/allowance.ts';
import type { Turns } from '../concurrency/turns.ts';
import type { Draft } from '../ledger/drafts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../log.ts';
import type { Fetcher } from './fetch.ts';
import { fetchReference } from './fetch-reference.ts';
import type { FileStore } from './file-store.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly files: FileStore;
  readonly fetcher: Fetcher;
  /** How many references of a person are prepared before anything is charged. */
  readonly unpaidReferences: Allowance;
  readonly turns: Turns;
  readonly log: Logger;
}

type Reference = Draft['references'][number];

/**
 * Keeps the reference images of a draft on disk: a question may be answered days later, and their addresses at Discord
 * die within one. One at a time for each person, and only so many. Never rejects: what isn't kept is fetched when the
 * draft is made.
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
  // Others of the person's came first, and this one may have been made or taken back meanwhile.
  if (!(await deps.ledger.drafts.find(id))) return;
  const saved: string[] = [];
  const references: Reference[] = [];
  for (const [index, reference] of draft.references.entries()) {
    const file = await keep(reference, `${id}-reference-${index + 1}`, userId, deps);
    if (file !== null) saved.push(file);
    references.push(file === null ? reference : { ...reference, file });
  }
  if (saved.length > 0 && !(await deps.ledger.drafts.setReferences(id, references)))
    await deps.files.removeAll(saved);
}

/** As much waits for a person's answer; what came before is taken for answered with no. */
const UNANSWERED_MAX = { drafts: 20, references: 40 };

/** Lets go of a person's oldest drafts: otherwise, whoever only ever asks fills the disk. */
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
  { url, source, file }: Reference,
  newName: string,
  userId: string,
  { files, fetcher, log }: Deps,
): Promise<string | null> {
  if (url === null || file !== null) return null;
  try {
    const { bytes, info } = await fetchReference({ source, url }, fetcher, userId);
    const newFile = `${newName}.${info.extension}`;
    await files.save(newFile, bytes);
    return newFile;
  } catch (err) {
    log.info({ err, file: newName }, 'a reference of a draft could not be kept');
    return null;
  }
}
