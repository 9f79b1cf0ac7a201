import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { prepareAll } from './statements.ts';
import { inTransaction } from './transaction.ts';

const FILES_OF_DRAFTS = `SELECT json_extract(value, '$.file') AS file FROM drafts, json_each(content, '$.references')
  WHERE json_extract(value, '$.file') IS NOT NULL`;

const SQL = {
  finishedOf: 'SELECT id FROM generations WHERE user_id = :userId AND settled_at IS NOT NULL LIMIT :limit',
  finishedBefore:
    'SELECT id FROM generations WHERE created_at < :before AND settled_at IS NOT NULL LIMIT :limit',
  filesOf: `SELECT file FROM reference_images WHERE generation_id = :id AND file IS NOT NULL
            UNION SELECT image_file FROM tasks WHERE generation_id = :id AND image_file IS NOT NULL`,
  forget: 'DELETE FROM generations WHERE id = ?',
  allFiles: `SELECT file FROM reference_images WHERE file IS NOT NULL
             UNION SELECT image_file FROM tasks WHERE image_file IS NOT NULL
             UNION ${FILES_OF_DRAFTS}`,
  isUsed: `SELECT 1 FROM reference_images WHERE file = :file
           UNION ALL SELECT 1 FROM (${FILES_OF_DRAFTS}) WHERE file = :file LIMIT 1`,
  countFiles: `SELECT count(*) AS files FROM (
      SELECT file FROM reference_images JOIN generations g ON g.id = generation_id WHERE g.user_id = :userId AND file IS NOT NULL
      UNION SELECT image_file FROM tasks JOIN generations g ON g.id = generation_id
      WHERE g.user_id = :userId AND image_file IS NOT NULL
      UNION ${FILES_OF_DRAFTS} AND user_id = :userId)`,
  count: `SELECT count(*) AS generations, count(*) FILTER (WHERE settled_at IS NULL) AS unfinished,
            min(created_at) AS since FROM generations WHERE user_id = ?`,
  forgetSettings: 'DELETE FROM settings WHERE user_id = ?',
  filesOfDrafts: `${FILES_OF_DRAFTS} AND (drafts.id = :id OR user_id = :userId OR created_at < :before)`,
  forgetDrafts: 'DELETE FROM drafts WHERE id = :id OR user_id = :userId OR created_at < :before',
  referenceFilesOf: 'SELECT file FROM reference_images WHERE generation_id = ? AND file IS NOT NULL',
  forgetReferences: 'UPDATE reference_images SET file = NULL, url = NULL WHERE generation_id = ?',
  idsOf: 'SELECT id FROM generations WHERE user_id = ? ORDER BY id',
} as const;

const BATCH = 200;

/** What was let go of: how many generations, and the files that nothing needs any more. */
export interface Forgotten {
  readonly generations: number;
  readonly files: readonly string[];
}

/** What the ledger holds about people, and how it is let go of. Generations that aren't finished always stay. */
export interface StoredData {
  summary(
    userId: string,
  ): Promise<{ generations: number; unfinished: number; files: number; since: number | null }>;
  /** Ids of all the person's generations, oldest first. */
  idsOf(userId: string): Promise<string[]>;
  /** Every file that a row names. */
  allFiles(): Promise<string[]>;
  /** The person's settings and drafts go, too. */
  forget(userId: string): Promise<Forgotten>;
  forgetBefore(before: number): Promise<Forgotten>;
  /** Returns the files that nothing needs any more. */
  forgetDraft(id: string): Promise<string[]>;
  /** Lets go of what a generation was to be made from, its references' names aside. Returns the files likewise. */
  forgetReferences(generationId: string): Promise<string[]>;
}

export function createStoredData(db: DatabaseSync): StoredData {
  const statements = prepareAll(db, SQL);

  /** A batch at a time, so that a large clean-up doesn't keep everybody waiting. */
  async function forgetAll(next: () => Record<string, unknown>[], drafts: Drafts): Promise<Forgotten> {
    const files = forgetDrafts(drafts);
    let generations = 0;
    for (let batch = next(); batch.length > 0; batch = next()) {
      files.push(...inTransaction(db, () => batch.flatMap(({ id }) => forgetOne(id as string))));
      generations += batch.length;
      await setImmediate();
    }
    return { generations, files: unused(files) };
  }

  /** A reference may live on in a generation that was made from this one. */
  function unused(files: readonly string[]): string[] {
    return files.filter((file) => !statements.isUsed.get({ file }));
  }

  function forgetDrafts({ id = null, userId = null, before = null }: Drafts): string[] {
    return inTransaction(db, () => {
      const files = statements.filesOfDrafts.all({ id, userId, before }).map(({ file }) => file as string);
      statements.forgetDrafts.run({ id, userId, before });
      return files;
    });
  }

  function forgetOne(id: string): string[] {
    const files = statements.filesOf.all({ id }).map(({ file }) => file as string);
    statements.forget.run(id);
    return files;
  }

  return {
    async summary(userId) {
      const row = statements.count.get(userId) as {
        generations: number;
        unfinished: number;
        since: number | null;
      };
      return { ...row, files: Number(statements.countFiles.get({ userId })?.files) };
    },
    idsOf: async (userId) => statements.idsOf.all(userId).map((row) => row.id as string),
    allFiles: async () => statements.allFiles.all().map(({ file }) => file as string),
    async forget(userId) {
      statements.forgetSettings.run(userId);
      return forgetAll(() => statements.finishedOf.all({ userId, limit: BATCH }), { userId });
    },
    forgetBefore: (before) =>
      forgetAll(() => statements.finishedBefore.all({ before, limit: BATCH }), { before }),
    forgetDraft: async (id) => unused(forgetDrafts({ id })),
    async forgetReferences(generationId) {
      const files = inTransaction(db, () => {
        const named = statements.referenceFilesOf.all(generationId).map(({ file }) => file as string);
        statements.forgetReferences.run(generationId);
        return named;
      });
      return unused(files);
    },
  };
}

/** Which drafts: one, a person's, or those from before a time. */
interface Drafts {
  readonly id?: string | null;
  readonly userId?: string | null;
  readonly before?: number | null;
}
