import type { TakeBreak } from './breaks.ts';
import type { Database, Row, Statement, Steps } from './database.ts';
import { WHAT_THERE_IS } from './reserve.ts';

const SQL = {
  finishedOf: `SELECT id FROM generations WHERE user_id = :userId AND id <= :upTo AND settled_at IS NOT NULL
               ORDER BY id LIMIT :limit`,
  finishedBefore: `SELECT id FROM generations WHERE created_at < :before AND settled_at IS NOT NULL
                   ORDER BY created_at LIMIT :limit`,
  filesOf: `SELECT file FROM reference_images WHERE generation_id = :id AND file IS NOT NULL
            UNION SELECT image_file FROM tasks WHERE generation_id = :id AND image_file IS NOT NULL
            UNION SELECT thumbnail_file FROM tasks WHERE generation_id = :id AND thumbnail_file IS NOT NULL`,
  forget: 'DELETE FROM generations WHERE id = :id',
  finished:
    'SELECT id FROM generations WHERE id = :id AND user_id = :userId AND settled_at IS NOT NULL LIMIT :limit',
  isUsed: `SELECT 1 FROM reference_images WHERE file = :file
           UNION ALL SELECT 1 FROM tasks WHERE image_file = :file
           UNION ALL SELECT 1 FROM tasks WHERE thumbnail_file = :file
           UNION ALL SELECT 1 FROM draft_files WHERE file = :file LIMIT 1`,
  // Both by the index alone: ids begin with the time.
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
  // Asked for once more meanwhile, it goes on to a later one.
  end: 'DELETE FROM forgetting WHERE user_id = :userId AND up_to = :upTo',
} as const;

type Next = () => ReturnType<Statement['all']>;
/** Returns the files that went with it. */
type ForgetOne = (id: string) => Steps<string[]>;

/** As many rows go in one step, unless its time is up before. */
const ROWS_PER_STEP = 50;
const STEP_MS = 5;

/** What was let go of: how many generations, and the files that nothing needs any more. */
export interface Forgotten {
  readonly generations: number;
  readonly files: readonly string[];
}

/**
 * What the ledger holds about people, and how it is let go of: a little at a time, so that nobody else waits. Generations
 * that aren't finished always stay.
 */
export interface StoredData {
  summary(
    userId: string,
  ): Promise<{ generations: number; unfinished: number; files: number; since: number | null }>;
  /** Ids of all the person's generations, oldest first. */
  idsOf(userId: string): Promise<string[]>;
  /** Whether a row names the file. */
  isUsed(file: string): Promise<boolean>;
  /** The person's settings and drafts go, too. What is begun is written down, for {@link StoredData.begun}. */
  forget(userId: string): Promise<Forgotten>;
  /** Deletes one of the person's generations, where it is finished. Returns what went with it. */
  forgetOne(userId: string, id: string): Promise<Forgotten>;
  /** Whose data was begun to be deleted and isn't gone yet. */
  begun(): Promise<string[]>;
  /** Goes on deleting what a process that died had begun. */
  goOnForgetting(userId: string, signal?: AbortSignal): Promise<Forgotten>;
  /**
   * Stops between two steps once the signal is aborted, and while another process reads: nothing leaves the write-ahead log
   * then, and what is deleted would fill the disk with it. The next call goes on.
   */
  forgetBefore(before: number, signal?: AbortSignal): Promise<Forgotten>;
  /** Returns the files that nothing needs any more; null where there is no such draft: it may have become a generation. */
  forgetDraft(id: string): Promise<string[] | null>;
  /**
   * Lets go of the files that a generation was to be made from, and of the address of the one that is no use. Those of
   * the others live for a day at most: the request can be made without it until then. Returns the files likewise.
   */
  forgetReferences(generationId: string, useless: number | null): Promise<string[]>;
}

export function createStoredData(db: Database, takeBreak: TakeBreak, isCongested: () => boolean): StoredData {
  const statements = db.prepare(SQL);
  /** Of steps that are over, for whoever returns next: where a later step fails, its caller hears of none. */
  const unneeded: string[] = [];

  /** Deletes rows until there are none, and notes the files that only they needed. Returns how many there were. */
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
    // A reference may live on in a generation that was made from this one.
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
    for (const [index, id] of (await idsOf(userId)).entries()) {
      for (const file of filesIn(await db.read(() => statements.filesOf.all({ id })))) files.add(file);
      if (index % ROWS_PER_STEP === 0) await takeBreak();
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
