import type { TakeBreak } from './breaks.ts';
import type { Database, Row, Statement, Steps } from './database.ts';
import { createFence } from './leases.ts';
import { WHAT_THERE_IS } from './reserve.ts';

const SQL = {
  finishedOf: `SELECT id FROM generations WHERE user_id = :userId AND id <= :upTo AND settled_at IS NOT NULL
               ORDER BY id LIMIT :limit`,
  finishedBefore: `SELECT id FROM generations WHERE created_at < :before AND settled_at IS NOT NULL
                   ORDER BY created_at LIMIT :limit`,
  filesOf: `SELECT file FROM reference_images WHERE generation_id = :id AND file IS NOT NULL
            UNION SELECT image_file FROM tasks WHERE generation_id = :id AND image_file IS NOT NULL
            UNION SELECT thumbnail_file FROM tasks WHERE generation_id = :id AND thumbnail_file IS NOT NULL`,
  filesOfPage: `WITH page AS (SELECT id FROM generations WHERE user_id = :userId AND id > :after AND id <= :upTo)
            SELECT file FROM page CROSS JOIN reference_images WHERE generation_id = page.id AND file IS NOT NULL
            UNION SELECT image_file FROM page CROSS JOIN tasks WHERE generation_id = page.id AND image_file IS NOT NULL
            UNION SELECT thumbnail_file FROM page CROSS JOIN tasks
              WHERE generation_id = page.id AND thumbnail_file IS NOT NULL`,
  forget: 'DELETE FROM generations WHERE id = :id',
  finished:
    'SELECT id FROM generations WHERE id = :id AND user_id = :userId AND settled_at IS NOT NULL LIMIT :limit',
  isUsed: `SELECT 1 FROM reference_images WHERE file = :file
           UNION ALL SELECT 1 FROM tasks WHERE image_file = :file
           UNION ALL SELECT 1 FROM tasks WHERE thumbnail_file = :file
           UNION ALL SELECT 1 FROM draft_files WHERE file = :file LIMIT 1`,
  // The index alone answers both, since ids begin with the time.
  count: `SELECT count(*) AS generations, (SELECT created_at FROM generations WHERE id =
            (SELECT min(id) FROM generations WHERE user_id = :userId)) AS since
          FROM generations WHERE user_id = :userId`,
  unfinished: `SELECT count(*) AS unfinished FROM generations WHERE user_id = :userId AND settled_at IS NULL`,
  forgetSettings: 'DELETE FROM settings WHERE user_id = :userId',
  referenceFilesOf:
    'SELECT file FROM reference_images WHERE generation_id = :generationId AND file IS NOT NULL',
  forgetReferenceFiles: 'UPDATE reference_images SET file = NULL WHERE generation_id = :generationId',
  forgetReferenceUrl:
    'UPDATE reference_images SET url = NULL WHERE generation_id = :generationId AND position = :useless',
  draft: 'SELECT id FROM drafts WHERE id = :id LIMIT :limit',
  draftsOf: 'SELECT id FROM drafts WHERE user_id = :userId LIMIT :limit',
  draftsBefore: 'SELECT id FROM drafts WHERE created_at < :before LIMIT :limit',
  filesOfDrafts:
    'SELECT file FROM draft_files WHERE draft_id IN (SELECT id FROM drafts WHERE user_id = :userId)',
  filesOfDraft: 'SELECT file FROM draft_files WHERE draft_id = :id',
  forgetDraft: 'DELETE FROM drafts WHERE id = :id',
  pageOf: 'SELECT id FROM generations WHERE user_id = :userId AND id > :after ORDER BY id LIMIT :limit',
  begin: `INSERT INTO forgetting (user_id, up_to) SELECT :userId, max(id) FROM generations WHERE user_id = :userId
          HAVING max(id) IS NOT NULL ON CONFLICT (user_id) DO UPDATE SET up_to = excluded.up_to`,
  upTo: 'SELECT up_to FROM forgetting WHERE user_id = :userId',
  begun: 'SELECT user_id FROM forgetting',
  // Keeps the entry if the person has asked again meanwhile, which moved `up_to`.
  end: 'DELETE FROM forgetting WHERE user_id = :userId AND up_to = :upTo',
} as const;

type Next = () => ReturnType<Statement['all']>;
/** Returns the files that the row named. */
type ForgetOne = (id: string) => Steps<string[]>;

/** The most rows to delete in one step, unless its time is up before. */
const ROWS_PER_STEP = 50;
const STEP_MS = 5;

/** The number of deleted generations, and the files that nothing needs any more. */
export interface Forgotten {
  readonly generations: number;
  readonly files: readonly string[];
}

/**
 * The data that the ledger stores about people, and their deletion. It deletes in small steps, so that nobody else
 * waits. Unfinished generations always stay.
 */
export interface StoredData {
  summary(
    userId: string,
  ): Promise<{ generations: number; unfinished: number; files: number; since: number | null }>;
  /** The ids of all the person's generations, oldest first. */
  idsOf(userId: string): Promise<string[]>;
  /** Whether a row names the file. */
  isUsed(file: string): Promise<boolean>;
  /**
   * Deletes the person's data, including settings and drafts. Stores that the deletion has begun, for
   * {@link StoredData.begun}.
   */
  forget(userId: string): Promise<Forgotten>;
  /** Deletes one of the person's generations if it is finished. Returns what it deleted. */
  forgetOne(userId: string, id: string): Promise<Forgotten>;
  /** The people whose deletion has begun and isn't finished. */
  begun(): Promise<string[]>;
  /** Continues a deletion that an earlier process has begun. */
  goOnForgetting(userId: string, signal?: AbortSignal): Promise<Forgotten>;
  /**
   * Stops between two steps once the signal is aborted, and while another process reads: the write-ahead log can't be
   * emptied then, and deletions would fill the disk with it. The next call continues.
   */
  forgetBefore(before: number, signal?: AbortSignal): Promise<Forgotten>;
  /**
   * Returns the files that nothing needs any more; null when there is no such draft, which may have become a
   * generation.
   */
  forgetDraft(id: string): Promise<string[] | null>;
  /**
   * Forgets the files of a generation's references, and the URL of the useless one. The URLs of the others work for up
   * to a day, in which the request can be made without the useless one. Returns the files that nothing needs any more.
   * Throws a LeaseLostError if this process doesn't serve the generation.
   */
  forgetReferences(generationId: string, useless: number | null): Promise<string[]>;
}

export function createStoredData(
  db: Database,
  takeBreak: TakeBreak,
  isCongested: () => boolean,
  owner: string,
): StoredData {
  const statements = db.prepare(SQL);
  const fence = createFence(db, owner);
  /**
   * Files of finished steps, which the next successful call returns. If a later step fails, its own caller doesn't get
   * them.
   */
  const unneeded: string[] = [];

  /** Deletes rows until none is left, and notes the files that only they needed. Returns the number of rows. */
  async function forgetAll(next: Next, forgetOne: ForgetOne, mayGoOn: () => boolean = () => true) {
    let rows = 0;
    while (mayGoOn()) {
      const step = await db.write(() => forgetSome(next, forgetOne), WHAT_THERE_IS);
      rows += step.rows;
      unneeded.push(...step.files);
      if (step.rows === 0) break;
      await takeBreak();
    }
    return rows;
  }

  function* forgetSome(next: Next, forgetOne: ForgetOne): Steps<{ rows: number; files: string[] }> {
    const until = performance.now() + STEP_MS;
    const files = new Set<string>();
    let rows = 0;
    for (const { id } of yield* next()) {
      for (const file of yield* forgetOne(id as string)) files.add(file);
      rows += 1;
      if (performance.now() > until) break;
    }
    // A generation made from this one may still use a reference.
    return { rows, files: yield* unused(files) };
  }

  function* unused(files: Iterable<string>): Steps<string[]> {
    const found: string[] = [];
    for (const file of files) if (!(yield* statements.isUsed.get({ file }))) found.push(file);
    return found;
  }

  function* forgetGeneration(id: string): Steps<string[]> {
    const files = filesIn(yield* statements.filesOf.all({ id }));
    yield* statements.forget.run({ id });
    return files;
  }

  function* forgetDraft(id: string): Steps<string[]> {
    const files = filesIn(yield* statements.filesOfDraft.all({ id }));
    yield* statements.forgetDraft.run({ id });
    return files;
  }

  async function goOnForgetting(userId: string, signal?: AbortSignal): Promise<Forgotten> {
    const limit = ROWS_PER_STEP;
    const mayGoOn = () => !signal?.aborted;
    await forgetAll(() => statements.draftsOf.all({ userId, limit }), forgetDraft, mayGoOn);
    const row = await db.read(() => statements.upTo.get({ userId }));
    const upTo = row?.up_to as string | undefined;
    if (upTo === undefined) return { generations: 0, files: unneeded.splice(0) };
    const finished = () => statements.finishedOf.all({ userId, upTo, limit });
    const generations = await forgetAll(finished, forgetGeneration, mayGoOn);
    if (mayGoOn()) await db.write(() => statements.end.run({ userId, upTo }));
    return { generations, files: unneeded.splice(0) };
  }

  async function idsOf(userId: string): Promise<string[]> {
    const ids: string[] = [];
    for (;;) {
      const from = { userId, after: ids.at(-1) ?? '', limit: ROWS_PER_STEP };
      const page = await db.read(() => statements.pageOf.all(from));
      ids.push(...page.map(({ id }) => id as string));
      if (page.length < ROWS_PER_STEP) return ids;
      await takeBreak();
    }
  }

  async function countFiles(userId: string): Promise<number> {
    const files = new Set<string>();
    for (let after = ''; ; ) {
      const page = await db.read(() => statements.pageOf.all({ userId, after, limit: ROWS_PER_STEP }));
      const upTo = page.at(-1)?.id as string | undefined;
      if (upTo === undefined) break;
      const ofPage = { userId, after, upTo };
      for (const file of filesIn(await db.read(() => statements.filesOfPage.all(ofPage)))) files.add(file);
      if (page.length < ROWS_PER_STEP) break;
      after = upTo;
      await takeBreak();
    }
    const ofDrafts = await db.read(() => statements.filesOfDrafts.all({ userId }));
    for (const file of filesIn(ofDrafts)) files.add(file);
    return files.size;
  }

  return {
    async summary(userId) {
      const files = await countFiles(userId);
      const counted = await db.read(() => statements.count.get({ userId }));
      const { generations, since } = counted as { generations: number; since: number | null };
      const row = await db.read(() => statements.unfinished.get({ userId }));
      return { generations, unfinished: row?.unfinished as number, since, files };
    },
    idsOf,
    isUsed: async (file) => (await db.read(() => statements.isUsed.get({ file }))) !== undefined,
    async forget(userId) {
      await db.write(function* () {
        yield* statements.forgetSettings.run({ userId });
        yield* statements.begin.run({ userId });
      });
      return goOnForgetting(userId);
    },
    async forgetOne(userId, id) {
      const finished = () => statements.finished.all({ userId, id, limit: 1 });
      const generations = await forgetAll(finished, forgetGeneration);
      return { generations, files: unneeded.splice(0) };
    },
    async begun() {
      const rows = await db.read(() => statements.begun.all());
      return rows.map((row) => row.user_id as string);
    },
    goOnForgetting,
    async forgetBefore(before, signal) {
      const limit = ROWS_PER_STEP;
      const mayGoOn = () => !signal?.aborted && !isCongested();
      await forgetAll(() => statements.draftsBefore.all({ before, limit }), forgetDraft, mayGoOn);
      const finished = () => statements.finishedBefore.all({ before, limit });
      const generations = await forgetAll(finished, forgetGeneration, mayGoOn);
      return { generations, files: unneeded.splice(0) };
    },
    async forgetDraft(id) {
      const drafts = await forgetAll(() => statements.draft.all({ id, limit: 1 }), forgetDraft);
      return drafts === 0 ? null : unneeded.splice(0);
    },
    async forgetReferences(generationId, useless) {
      return db.write(function* () {
        yield* fence(generationId);
        const named = filesIn(yield* statements.referenceFilesOf.all({ generationId }));
        yield* statements.forgetReferenceFiles.run({ generationId });
        if (useless !== null) yield* statements.forgetReferenceUrl.run({ generationId, useless });
        return yield* unused(named);
      }, WHAT_THERE_IS);
    },
  };
}

function filesIn(rows: readonly Row[]): string[] {
  return rows.map(({ file }) => file as string);
}
