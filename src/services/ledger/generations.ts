import type { DatabaseSync } from 'node:sqlite';
import { v7 as uuidv7 } from 'uuid';
import type { Attachment, ImageRequest } from '../request.ts';
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

const SQL = {
  insert: `INSERT INTO generations (id, interaction_id, application_id, token, token_at, user_id, guild_id, channel_id, private,
             locale, attachment_size_limit, prompt, model, ratio, resolution, quality, created_at)
           VALUES (:id, :interactionId, :applicationId, :token, :now, :userId, :guildId, :channelId, :private,
             :locale, :attachmentSizeLimit, :prompt, :model, :ratio, :resolution, :quality, :now)
           ON CONFLICT (interaction_id) DO NOTHING`,
  insertTask: 'INSERT INTO tasks (id, generation_id) VALUES (:id, :generationId)',
  insertReference: `INSERT INTO reference_images (generation_id, position, name, url)
                    VALUES (:generationId, :position, :name, :url)`,
  byId: 'SELECT * FROM generations WHERE id = ?',
  tasksOf: 'SELECT * FROM tasks WHERE generation_id = ? ORDER BY id',
  referencesOf: 'SELECT * FROM reference_images WHERE generation_id = ? ORDER BY position',
  unsettled: 'SELECT id FROM generations WHERE settled_at IS NULL ORDER BY id',
  acknowledge: 'UPDATE generations SET acknowledged_at = :now WHERE id = :id AND acknowledged_at IS NULL',
  setMessage:
    'UPDATE generations SET message_id = :messageId, message_channel_id = :channelId WHERE id = :id',
  keepReference: `UPDATE reference_images SET file = :file, url = NULL
                  WHERE generation_id = :generationId AND position = :position`,
  settle: 'UPDATE generations SET settled_at = :now WHERE id = :id AND settled_at IS NULL',
  forgetTokens: 'UPDATE generations SET token = NULL WHERE token IS NOT NULL AND token_at < :before',
} as const;

/** What is written before anything is asked of anyone: the request, and every way to reach its reply. */
export interface Reservation {
  readonly interactionId: string;
  readonly applicationId: string;
  readonly token: string;
  readonly userId: string;
  readonly guildId: string | null;
  readonly channelId: string | null;
  readonly private: boolean;
  readonly locale: string;
  readonly attachmentSizeLimit: number;
  readonly request: ImageRequest;
  readonly references: readonly Attachment[];
}

/** A generation with all that belongs to it. */
export interface StoredGeneration {
  readonly generation: Generation;
  readonly tasks: readonly Task[];
  readonly references: readonly ReferenceImage[];
}

export interface GenerationLedger {
  /** Writes the generation and its task; null where this interaction has one already (Discord may deliver it twice). */
  reserve(reservation: Reservation): Promise<string | null>;
  find(id: string): Promise<StoredGeneration | null>;
  /** Ids of every generation whose last word isn't visible yet, oldest first. */
  unsettled(): Promise<string[]>;
  acknowledge(id: string): Promise<void>;
  setMessage(id: string, message: NonNullable<Generation['message']>): Promise<void>;
  keepReference(reference: ReferenceImage, file: string): Promise<void>;
  /** Writes in one go that the last word is visible, where, and what became of each task. */
  settle(
    id: string,
    message: Generation['message'],
    tasks: readonly { from: TaskState; task: Task }[],
  ): Promise<void>;
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
    for (const [position, { name, url }] of references.entries()) {
      statements.insertReference.run({ generationId: id, position, name, url });
    }
    return id;
  }

  return {
    reserve: async (reservation) => inTransaction(db, () => insert(reservation)),
    async find(id) {
      const row = statements.byId.get(id);
      if (!row) return null;
      return {
        generation: generationFromRow(row),
        tasks: statements.tasksOf.all(id).map(taskFromRow),
        references: statements.referencesOf.all(id).map(referenceFromRow),
      };
    },
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
        for (const { from, task } of tasks) {
          if (!save(from, task)) throw new Error(`task ${task.id} is not ${from} in the ledger`);
        }
        if (message) statements.setMessage.run({ id, messageId: message.id, channelId: message.channelId });
        statements.settle.run({ id, now: now() });
      });
    },
    async forgetTokens(before) {
      statements.forgetTokens.run({ before });
    },
  };
}

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
