import type { DatabaseSync } from 'node:sqlite';
import { v7 as uuidv7 } from 'uuid';
import type { ImageRequest } from '../request.ts';
import {
  type Generation,
  generationFromRow,
  type ReferenceImage,
  referenceFromRow,
  type Task,
  type TaskState,
  taskFromRow,
} from './rows.ts';
import { prepareAll } from './statements.ts';
import { saveTask } from './tasks.ts';
import { inTransaction } from './transaction.ts';

const SQL = {
  insert: `INSERT INTO generations (id, parent_id, interaction_id, application_id, token, token_at, user_id, guild_id, channel_id, private,
             locale, attachment_size_limit, prompt, model, ratio, resolution, quality, created_at)
           VALUES (:id, :parentId, :interactionId, :applicationId, :token, :now, :userId, :guildId, :channelId, :private,
             :locale, :attachmentSizeLimit, :prompt, :model, :ratio, :resolution, :quality, :now)
           ON CONFLICT (interaction_id) DO NOTHING`,
  insertTask: 'INSERT INTO tasks (id, generation_id) VALUES (:id, :generationId)',
  insertReference: `INSERT INTO reference_images (generation_id, position, name, url, file)
                    VALUES (:generationId, :position, :name, :url, :file)`,
  byId: 'SELECT * FROM generations WHERE id = ?',
  tasksOf: 'SELECT * FROM tasks WHERE generation_id = ? ORDER BY id',
  referencesOf: 'SELECT * FROM reference_images WHERE generation_id = ? ORDER BY position',
  recentOf: `SELECT id FROM generations WHERE user_id = :userId
             ORDER BY (settled_at IS NULL OR EXISTS (
               SELECT 1 FROM tasks WHERE generation_id = generations.id AND state = 'undeliverable')) DESC, id DESC
             LIMIT :limit`,
  requestCancel: 'UPDATE generations SET cancel_requested_at = :now WHERE id = :id AND settled_at IS NULL',
  hasChildUnderWay: 'SELECT 1 FROM generations WHERE parent_id = ? AND settled_at IS NULL LIMIT 1',
  unsettled: 'SELECT id FROM generations WHERE settled_at IS NULL ORDER BY id',
  acknowledge: 'UPDATE generations SET acknowledged_at = :now WHERE id = :id AND acknowledged_at IS NULL',
  setMessage:
    'UPDATE generations SET message_id = :messageId, message_channel_id = :channelId WHERE id = :id',
  keepReference: `UPDATE reference_images SET file = :file, url = NULL
                  WHERE generation_id = :generationId AND position = :position`,
  settle: 'UPDATE generations SET settled_at = :now WHERE id = :id AND settled_at IS NULL',
  reopen: `UPDATE generations SET settled_at = NULL, cancel_requested_at = NULL, acknowledged_at = :now, token = :token, token_at = :now,
             application_id = :applicationId, guild_id = :guildId, channel_id = :channelId, private = :private,
             attachment_size_limit = :attachmentSizeLimit, message_id = :messageId, message_channel_id = :messageChannelId
           WHERE id = :id AND settled_at IS NOT NULL`,
  forgetTokens: 'UPDATE generations SET token = NULL WHERE token IS NOT NULL AND token_at < :before',
} as const;

/** Every way to reach the reply to an interaction. */
export interface ReplyAddress {
  readonly applicationId: string;
  readonly token: string;
  readonly guildId: string | null;
  readonly channelId: string | null;
  readonly private: boolean;
  readonly attachmentSizeLimit: number;
}

/** What is written before anything is asked of anyone: the request, and every way to reach its reply. */
export interface Reservation extends ReplyAddress {
  readonly interactionId: string;
  readonly parentId: string | null;
  readonly userId: string;
  readonly locale: string;
  readonly request: ImageRequest;
  readonly references: readonly Pick<ReferenceImage, 'name' | 'url' | 'file'>[];
}

/** A generation with all that belongs to it. */
export interface StoredGeneration {
  readonly generation: Generation;
  readonly tasks: readonly Task[];
  readonly references: readonly ReferenceImage[];
}

/** A task's next row, where the ledger still has it in the state that it comes from. */
export interface Change {
  readonly from: TaskState;
  readonly task: Task;
}

export interface GenerationLedger {
  /** Writes the generation and its task; null where this interaction has one already (Discord may deliver it twice). */
  reserve(reservation: Reservation): Promise<string | null>;
  find(id: string): Promise<StoredGeneration | null>;
  /** Writes that the person no longer waits; false where it is settled already. */
  requestCancel(id: string): Promise<boolean>;
  /** Whether something made from this one is still being served. */
  hasChildUnderWay(id: string): Promise<boolean>;
  /** The person's generations: what is unfinished or not delivered first, then newest first. */
  recentOf(userId: string, limit: number): Promise<StoredGeneration[]>;
  /** Ids of every generation whose last word isn't visible yet, oldest first. */
  unsettled(): Promise<string[]>;
  acknowledge(id: string): Promise<void>;
  setMessage(id: string, message: NonNullable<Generation['message']>): Promise<void>;
  keepReference(reference: ReferenceImage, file: string): Promise<void>;
  /** Writes in one go that the last word is visible, where, and what became of each task. */
  settle(id: string, message: Generation['message'], tasks: readonly Change[]): Promise<void>;
  /**
   * Takes a settled generation up again, with its reply at a new address; `message` is where that stands, if known.
   * False where it isn't settled: then nothing is written.
   */
  reopen(
    id: string,
    address: ReplyAddress,
    message: Generation['message'],
    tasks: readonly Change[],
  ): Promise<boolean>;
  /** Empties the tokens that came before the given time. */
  forgetTokens(before: number): Promise<void>;
}

export function createGenerationLedger(db: DatabaseSync, now: () => number): GenerationLedger {
  const statements = prepareAll(db, SQL);
  const save = saveTask(db);

  function insert({ request, references, ...columns }: Reservation): string | null {
    const id = uuidv7();
    const inserted = statements.insert.run({
      ...columns,
      ...request,
      id,
      private: columns.private ? 1 : 0,
      now: now(),
    });
    if (inserted.changes === 0) return null;
    statements.insertTask.run({ id: uuidv7(), generationId: id });
    for (const [position, { name, url, file }] of references.entries()) {
      statements.insertReference.run({ generationId: id, position, name, url, file });
    }
    return id;
  }

  function find(id: string): StoredGeneration | null {
    const row = statements.byId.get(id);
    if (!row) return null;
    return {
      generation: generationFromRow(row),
      tasks: statements.tasksOf.all(id).map(taskFromRow),
      references: statements.referencesOf.all(id).map(referenceFromRow),
    };
  }

  function change(tasks: readonly Change[]): void {
    for (const { from, task } of tasks) {
      if (!save(from, task)) throw new Error(`task ${task.id} is not ${from} in the ledger`);
    }
  }

  return {
    reserve: async (reservation) => inTransaction(db, () => insert(reservation)),
    find: async (id) => find(id),
    recentOf: async (userId, limit) =>
      statements.recentOf.all({ userId, limit }).flatMap((row) => find(row.id as string) ?? []),
    requestCancel: async (id) => statements.requestCancel.run({ id, now: now() }).changes === 1,
    hasChildUnderWay: async (id) => statements.hasChildUnderWay.get(id) !== undefined,
    unsettled: async () => statements.unsettled.all().map((row) => row.id as string),
    async acknowledge(id) {
      statements.acknowledge.run({ id, now: now() });
    },
    async setMessage(id, message) {
      statements.setMessage.run({ id, messageId: message.id, channelId: message.channelId });
    },
    async keepReference({ generationId, position }, file) {
      statements.keepReference.run({ generationId, position, file });
    },
    async settle(id, message, tasks) {
      inTransaction(db, () => {
        change(tasks);
        if (message) statements.setMessage.run({ id, messageId: message.id, channelId: message.channelId });
        statements.settle.run({ id, now: now() });
      });
    },
    async reopen(id, address, message, tasks) {
      return inTransaction(db, () => {
        const place = { messageId: message?.id ?? null, messageChannelId: message?.channelId ?? null };
        const row = { ...address, ...place, id, private: address.private ? 1 : 0, now: now() };
        if (statements.reopen.run(row).changes === 0) return false;
        change(tasks);
        return true;
      });
    },
    async forgetTokens(before) {
      statements.forgetTokens.run({ before });
    },
  };
}
