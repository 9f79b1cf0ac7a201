import type { LimitRefusal } from '../request/limits.ts';
import type { TakeBreak } from './breaks.ts';
import type { Database, Parameters, Statement, Steps } from './database.ts';
import { createFence, isHeld, isOfHeld } from './leases.ts';
import {
  createReserve,
  IS_BEING_RETRIED,
  type ReplyAddress,
  type Reservation,
  type ReserveRefusal,
  WHAT_THERE_IS,
} from './reserve.ts';
import {
  type Generation,
  generationFromRow,
  type MessagePlace,
  placeColumns,
  type ReferenceImage,
  referenceFromRow,
  type Task,
  type TaskState,
  taskFromRow,
} from './rows.ts';
import { saveTask } from './tasks.ts';
import { together } from './together.ts';
import { createUsage, type Wanted } from './usage.ts';

const SQL = (db: Database) => ({
  byId: 'SELECT * FROM generations WHERE id = :id',
  tasksOf: 'SELECT * FROM tasks WHERE generation_id = :id ORDER BY id',
  referencesOf: 'SELECT * FROM reference_images WHERE generation_id = :id ORDER BY position',
  older: `SELECT id, settled_at IS NULL OR EXISTS (
            SELECT 1 FROM tasks WHERE generation_id = generations.id AND state = 'undeliverable') AS "isOpen"
          FROM generations WHERE user_id = :userId AND id < :before ORDER BY id DESC LIMIT :limit`,
  byMessage: 'SELECT id FROM generations WHERE message_id = :messageId',
  requestCancel: 'UPDATE generations SET cancel_requested_at = :now WHERE id = :id AND settled_at IS NULL',
  isBeingRetried: IS_BEING_RETRIED,
  unsettled:
    'SELECT id FROM generations INDEXED BY generations_unsettled WHERE settled_at IS NULL ORDER BY id',
  acknowledge: `UPDATE generations SET acknowledged_at = :now WHERE id = :id AND acknowledged_at IS NULL AND ${isHeld(db)}`,
  setMessage: `UPDATE generations SET message_id = :messageId, message_channel_id = :messageChannelId,
                 private = CASE WHEN :isEphemeral = 1 THEN 1 ELSE private END WHERE id = :id AND ${isHeld(db)}`,
  keepReference: `UPDATE reference_images SET file = :file, url = NULL
                  WHERE generation_id = :generationId AND position = :position AND ${isOfHeld(db)}`,
  star: `UPDATE generations SET starred_at = :starredAt
         WHERE id = :id AND user_id = :userId AND (starred_at IS NULL) = (CAST(:starredAt AS BIGINT) IS NOT NULL)`,
  thumbnailsOf: 'SELECT thumbnail_file FROM tasks WHERE generation_id = :id AND thumbnail_file IS NOT NULL',
  forgetThumbnails: 'UPDATE tasks SET thumbnail_file = NULL WHERE generation_id = :id',
  forgetMessage: `UPDATE generations SET message_id = NULL, message_channel_id = NULL
                  WHERE id = :id AND message_id = :messageId`,
  forgetAttachments: 'UPDATE tasks SET attachment_id = NULL WHERE generation_id = :id',
  claimNotice: `UPDATE generations SET notified_at = :now WHERE id = :id AND notified_at IS NULL AND ${isHeld(db)}`,
  settle: `UPDATE generations SET settled_at = :now WHERE id = :id AND settled_at IS NULL AND ${isHeld(db)}`,
  reopen: `UPDATE generations SET settled_at = NULL, cancel_requested_at = NULL, notified_at = NULL, acknowledged_at = :now, token = :token, token_at = :now,
             application_id = :applicationId, guild_id = :guildId, channel_id = :channelId, private = :private, named = :named, lasting = :lasting,
             attachment_size_limit = :attachmentSizeLimit, message_id = :messageId, message_channel_id = :messageChannelId,
             lease_owner = :owner
           WHERE id = :id AND settled_at IS NOT NULL`,
  resume: `UPDATE generations SET settled_at = NULL, notified_at = NULL, lease_owner = :owner
           WHERE id = :id AND settled_at IS NOT NULL`,
  forgetTokens: `UPDATE generations SET token = NULL WHERE id IN (
                   SELECT id FROM generations WHERE token IS NOT NULL AND token_at < :before LIMIT :limit)`,
});

const ROWS_PER_STEP = 100;
const ROWS_READ_PER_STEP = 200;
/** Sorts after every id. */
const AFTER_ALL = '~';

/** A generation with its tasks and references. */
export interface StoredGeneration {
  readonly generation: Generation;
  readonly tasks: readonly Task[];
  readonly references: readonly ReferenceImage[];
}

/** A task's next row, and the state that the ledger must still have for it. */
export interface Change {
  readonly from: TaskState;
  readonly task: Task;
}

/** The writes of the process that serves a generation throw a LeaseLostError if it doesn't hold the lease. */
export interface GenerationLedger {
  /**
   * Writes the generation and its tasks and charges them, unless a limit refuses it. Null when this interaction (which
   * Discord may deliver twice) or this draft already has a generation. Refuses a retry while another one is served.
   * The person has waited for an answer `since` then, by `performance.now`.
   */
  reserve(reservation: Reservation, since?: number): Promise<string | ReserveRefusal | null>;
  /** The limit that refuses such a request at this moment; null when none does. */
  refusalOf(wanted: Wanted): Promise<LimitRefusal | null>;
  find(id: string): Promise<StoredGeneration | null>;
  /** The generation whose reply is this message. */
  findByMessage(messageId: string): Promise<StoredGeneration | null>;
  /** Writes that the person no longer waits. False when it is already settled. */
  requestCancel(id: string): Promise<boolean>;
  /** Whether a retry by its owner is still being served. */
  isBeingRetried(id: string): Promise<boolean>;
  /** The person's generations: first the unfinished and undelivered ones, then the newest. */
  recentOf(userId: string, limit: number): Promise<StoredGeneration[]>;
  /** The ids of all generations without a visible final reply, oldest first. */
  unsettled(): Promise<string[]>;
  acknowledge(id: string): Promise<void>;
  setMessage(id: string, message: MessagePlace): Promise<void>;
  /** Forgets a deleted message if it is still the generation's reply. */
  forgetMessage(id: string, messageId: string): Promise<void>;
  /**
   * Adds it to its owner's favourites, or removes it. False when nothing changes, or when it belongs to somebody else.
   */
  star(id: string, userId: string, isStarred: boolean): Promise<boolean>;
  /** Forgets the thumbnails of its images. Returns the files to remove. */
  forgetThumbnails(id: string): Promise<string[]>;
  /** True for the first caller only, which may then notify the person. */
  claimNotice(id: string): Promise<boolean>;
  keepReference(reference: ReferenceImage, file: string): Promise<void>;
  /** Writes in one step that the final reply is visible, its message, and the outcome of each task. */
  settle(id: string, message: MessagePlace | null, tasks: readonly Change[]): Promise<void>;
  /**
   * Reopens a settled generation, with a new address for its reply; `message` is the reply's message, if known. Returns
   * false, and writes nothing, when it isn't settled.
   */
  reopen(
    id: string,
    address: ReplyAddress,
    message: Generation['message'],
    tasks: readonly Change[],
  ): Promise<boolean>;
  /** The same with the address that it has. */
  resume(id: string, tasks: readonly Change[]): Promise<boolean>;
  /** Deletes the tokens of interactions before the given time. */
  forgetTokens(before: number): Promise<void>;
}

export function createGenerationLedger(
  db: Database,
  now: () => number,
  takeBreak: TakeBreak,
  owner: string,
): GenerationLedger {
  const statements = db.prepare(SQL(db));
  const fence = createFence(db, owner);
  const reserve = createReserve(db, owner);
  const refusalOf = createUsage(db);
  const save = saveTask(db, owner);

  function* stored(id: string): Steps<StoredGeneration | null> {
    const [row, tasks, references] = yield* together(
      statements.byId.get({ id }),
      statements.tasksOf.all({ id }),
      statements.referencesOf.all({ id }),
    );
    if (!row) return null;
    return {
      generation: generationFromRow(row),
      tasks: tasks.map(taskFromRow),
      references: references.map(referenceFromRow),
    };
  }

  const find = (id: string) => db.readAtOnce(() => stored(id));

  function setMessage(id: string, { isEphemeral, ...message }: MessagePlace): Steps<void> {
    return guarded(id, statements.setMessage, { ...placeColumns(message), isEphemeral: isEphemeral ? 1 : 0 });
  }

  /** Throws a LeaseLostError if the row didn't change because another process may write it. */
  function* guarded(id: string, statement: Statement, columns: Parameters): Steps<void> {
    const changes = yield* statement.run({ id, owner, ...columns });
    if (changes === 0) yield* fence(id);
  }

  /** Reads in steps, because a person may have many, and an undelivered one may be the oldest. */
  async function recentIdsOf(userId: string, limit: number): Promise<string[]> {
    const open: string[] = [];
    const others: string[] = [];
    for (let before = AFTER_ALL; open.length < limit; ) {
      await takeBreak();
      const from = { userId, before, limit: ROWS_READ_PER_STEP };
      const rows = await db.read(() => statements.older.all(from));
      for (const { id, isOpen } of rows) (isOpen ? open : others).push(id as string);
      if (rows.length < ROWS_READ_PER_STEP) break;
      before = rows.at(-1)?.id as string;
    }
    return [...open, ...others].slice(0, limit);
  }

  function* change(tasks: readonly Change[]): Steps<void> {
    for (const { from, task } of tasks) {
      if (!(yield* save(from, task))) throw new Error(`task ${task.id} is not ${from} in the ledger`);
    }
  }

  /** Runs the statement and returns whether it changed its row. */
  async function isOne(statement: Statement, parameters: Parameters): Promise<boolean> {
    return (await db.write(() => statement.run(parameters))) === 1;
  }

  return {
    reserve: (reservation, since) => db.write(() => reserve(reservation, now()), WHAT_THERE_IS, since),
    refusalOf: (wanted) => db.read(() => refusalOf(wanted, now())),
    find,
    async recentOf(userId, limit) {
      const ids = await recentIdsOf(userId, limit);
      const found = await Promise.all(ids.map(find));
      return found.filter((each) => each !== null);
    },
    findByMessage(messageId) {
      return db.readAtOnce(function* () {
        const row = yield* statements.byMessage.get({ messageId });
        return row ? yield* stored(row.id as string) : null;
      });
    },
    requestCancel: (id) => isOne(statements.requestCancel, { id, now: now() }),
    isBeingRetried: async (id) => (await db.read(() => statements.isBeingRetried.get({ id }))) !== undefined,
    async unsettled() {
      const rows = await db.read(() => statements.unsettled.all());
      return rows.map((row) => row.id as string);
    },
    async acknowledge(id) {
      await db.write(() => guarded(id, statements.acknowledge, { now: now() }));
    },
    async setMessage(id, message) {
      await db.write(() => setMessage(id, message));
    },
    forgetMessage(id, messageId) {
      return db.write(function* () {
        const isForgotten = (yield* statements.forgetMessage.run({ id, messageId })) > 0;
        if (isForgotten) yield* statements.forgetAttachments.run({ id });
      });
    },
    star(id, userId, isStarred) {
      const starredAt = isStarred ? now() : null;
      return isOne(statements.star, { id, userId, starredAt });
    },
    forgetThumbnails(id) {
      return db.write(function* () {
        const rows = yield* statements.thumbnailsOf.all({ id });
        yield* statements.forgetThumbnails.run({ id });
        return rows.map((row) => row.thumbnail_file as string);
      });
    },
    claimNotice: (id) => isOne(statements.claimNotice, { id, owner, now: now() }),
    async keepReference({ generationId, position }, file) {
      await db.write(() => guarded(generationId, statements.keepReference, { generationId, position, file }));
    },
    settle(id, message, tasks) {
      return db.write(function* () {
        yield* change(tasks);
        if (message) yield* setMessage(id, message);
        yield* guarded(id, statements.settle, { now: now() });
      });
    },
    reopen(id, address, message, tasks) {
      return db.write(function* () {
        const isElsewhere = (yield* stored(id))?.generation.message?.id !== message?.id;
        const flags = {
          private: address.private ? 1 : 0,
          named: address.named ? 1 : 0,
          lasting: address.lasting ? 1 : 0,
        };
        const row = { ...address, ...flags, ...placeColumns(message), id, owner, now: now() };
        if ((yield* statements.reopen.run(row)) === 0) return false;
        if (isElsewhere) yield* statements.forgetAttachments.run({ id });
        yield* change(tasks);
        return true;
      });
    },
    resume(id, tasks) {
      return db.write(function* () {
        if ((yield* statements.resume.run({ id, owner })) === 0) return false;
        yield* change(tasks);
        return true;
      });
    },
    async forgetTokens(before) {
      const step = () => statements.forgetTokens.run({ before, limit: ROWS_PER_STEP });
      while ((await db.write(step)) === ROWS_PER_STEP);
    },
  };
}
