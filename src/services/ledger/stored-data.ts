import type { DatabaseSync } from 'node:sqlite';
import { prepareAll } from './statements.ts';
import { inTransaction } from './transaction.ts';

const FILES = `
  SELECT file FROM reference_images r JOIN generations g ON g.id = r.generation_id
  WHERE file IS NOT NULL AND g.settled_at IS NOT NULL AND`;
const IMAGES = `
  SELECT image_file AS file FROM tasks t JOIN generations g ON g.id = t.generation_id
  WHERE image_file IS NOT NULL AND g.settled_at IS NOT NULL AND`;

const SQL = {
  filesOf: `${FILES} g.user_id = :userId UNION ${IMAGES} g.user_id = :userId`,
  filesBefore: `${FILES} g.created_at < :before UNION ${IMAGES} g.created_at < :before`,
  forget: 'DELETE FROM generations WHERE user_id = :userId AND settled_at IS NOT NULL',
  forgetBefore: 'DELETE FROM generations WHERE created_at < :before AND settled_at IS NOT NULL',
  allFiles: `SELECT file FROM reference_images WHERE file IS NOT NULL
             UNION SELECT image_file FROM tasks WHERE image_file IS NOT NULL`,
  isUsed: 'SELECT 1 FROM reference_images WHERE file = ? LIMIT 1',
  count: `SELECT count(*) AS generations, count(*) FILTER (WHERE settled_at IS NULL) AS unfinished,
            min(created_at) AS since FROM generations WHERE user_id = ?`,
  idsOf: 'SELECT id FROM generations WHERE user_id = ? ORDER BY id',
} as const;

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
  forget(userId: string): Promise<Forgotten>;
  forgetBefore(before: number): Promise<Forgotten>;
}

export function createStoredData(db: DatabaseSync): StoredData {
  const statements = prepareAll(db, SQL);

  function remove(
    which: 'filesOf' | 'filesBefore',
    how: 'forget' | 'forgetBefore',
    parameters: Record<string, string | number>,
  ) {
    return inTransaction(db, () => {
      const files = statements[which].all(parameters).map(({ file }) => file as string);
      const generations = Number(statements[how].run(parameters).changes);
      // A reference may live on in a generation that was made from this one.
      return { generations, files: files.filter((file) => !statements.isUsed.get(file)) };
    });
  }

  return {
    async summary(userId) {
      const row = statements.count.get(userId) as {
        generations: number;
        unfinished: number;
        since: number | null;
      };
      return { ...row, files: statements.filesOf.all({ userId }).length };
    },
    idsOf: async (userId) => statements.idsOf.all(userId).map((row) => row.id as string),
    allFiles: async () => statements.allFiles.all().map(({ file }) => file as string),
    forget: async (userId) => remove('filesOf', 'forget', { userId }),
    forgetBefore: async (before) => remove('filesBefore', 'forgetBefore', { before }),
  };
}
