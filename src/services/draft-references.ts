import type { FileStore } from './files.ts';
import type { Fetcher } from './images/fetch.ts';
import { fetchReference } from './images/fetch-reference.ts';
import type { Draft } from './ledger/drafts.ts';
import type { Ledger } from './ledger/index.ts';
import type { Logger } from './log.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly files: FileStore;
  readonly fetcher: Fetcher;
  readonly log: Logger;
}

type Reference = Draft['references'][number];

/**
 * Keeps the reference images of a draft on disk: a question may be answered days later, and their addresses at Discord
 * die within one. Never rejects: what can't be kept is fetched again when the draft is made.
 */
export async function keepDraftReferences(
  id: string,
  userId: string,
  draft: Draft,
  deps: Deps,
): Promise<void> {
  const saved: string[] = [];
  try {
    await forgetUnanswered(userId, deps);
    const references = await Promise.all(
      draft.references.map(async (reference, index) => {
        const file = await keep(reference, `${id}-reference-${index + 1}`, deps);
        if (file === null) return reference;
        saved.push(file);
        return { ...reference, url: null, file };
      }),
    );
    // Made or taken back in the meantime, the draft needs none of them.
    if (saved.length > 0 && !(await deps.ledger.drafts.setReferences(id, references)))
      await deps.files.removeAll(saved);
  } catch (err) {
    deps.log.warn({ err, draft: id }, 'the references of a draft could not be kept');
  }
}

/** As many questions wait for a person's answer; those before them are taken for answered with no. */
const UNANSWERED_MAX = 20;

/** Otherwise, whoever only ever asks fills the disk. */
async function forgetUnanswered(userId: string, { ledger, files }: Deps): Promise<void> {
  for (const id of await ledger.drafts.surplusOf(userId, UNANSWERED_MAX))
    await files.removeAll(await ledger.storedData.forgetDraft(id));
}

async function keep(
  { url, source, file, name }: Reference,
  newName: string,
  { files, fetcher, log }: Deps,
): Promise<string | null> {
  if (url === null || file !== null) return null;
  try {
    const { bytes, info } = await fetchReference({ source, url }, fetcher);
    const newFile = `${newName}.${info.extension}`;
    await files.save(newFile, bytes);
    return newFile;
  } catch (err) {
    log.info({ err, file: name }, 'a reference of a draft could not be kept');
    return null;
  }
}
