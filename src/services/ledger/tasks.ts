import type { Database, Steps } from './database.ts';
import { createFence, isOfHeld } from './leases.ts';
import type { Task, TaskState } from './rows.ts';

const SQL = (db: Database) => ({
  save: `UPDATE tasks
         SET state = :state, service_task_id = :serviceTaskId, image_url = :imageUrl, image_file = :imageFile,
             thumbnail_file = :thumbnailFile, attachment_id = :attachmentId, reason = :reason, service_words = :serviceWords, submitted_at = :submittedAt,
             watched_since = :watchedSince, ended_at = :endedAt, busy_until = :busyUntil, cost = :cost
         WHERE id = :id AND state = :from AND ${isOfHeld(db)}`,
});

export interface TaskLedger {
  /**
   * Writes the task if the row's state is still `from`. Otherwise writes nothing and returns false. Throws a
   * LeaseLostError if this process doesn't hold the generation.
   */
  save(from: TaskState, task: Task): Promise<boolean>;
}

export function createTaskLedger(db: Database, owner: string): TaskLedger {
  const save = saveTask(db, owner);
  return { save: (from, task) => db.write(() => save(from, task)) };
}

/** The guarded UPDATE that every change of a task goes through. */
export function saveTask(db: Database, owner: string): (from: TaskState, task: Task) => Steps<boolean> {
  const statements = db.prepare(SQL(db));
  const fence = createFence(db, owner);
  return function* save(from, { generationId, ...columns }) {
    const isSaved = (yield* statements.save.run({ ...columns, from, owner })) === 1;
    if (!isSaved) yield* fence(generationId);
    return isSaved;
  };
}
