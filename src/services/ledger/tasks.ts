import { isDeepStrictEqual } from 'node:util';
import type { Database, Steps } from './database.ts';
import { createFence, isOfHeld } from './leases.ts';
import { type Task, type TaskState, taskFromRow } from './rows.ts';

const SQL = (db: Database) => ({
  save: `UPDATE tasks
         SET state = :state, service_task_id = :serviceTaskId, image_url = :imageUrl, image_file = :imageFile,
             thumbnail_file = :thumbnailFile, attachment_id = :attachmentId, reason = :reason, service_words = :serviceWords, submitted_at = :submittedAt,
             watched_since = :watchedSince, ended_at = :endedAt, busy_until = :busyUntil, cost = :cost, answer = :answer
         WHERE id = :id AND state = :from AND ${isOfHeld(db)}`,
  byId: 'SELECT * FROM tasks WHERE id = :id',
});

export interface TaskLedger {
  /**
   * Writes the task if the row's state is still `from`. Otherwise writes nothing and returns false, except if the row is
   * this very task already: then an earlier try was committed, and only its answer was lost. Throws a LeaseLostError if
   * this process doesn't hold the generation.
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
  return function* save(from, task) {
    const { generationId, ...columns } = task;
    if ((yield* statements.save.run({ ...columns, from, owner })) === 1) return true;
    yield* fence(generationId);
    // A process that sends a task must be sure that no other one does.
    if (task.state === 'submitting') return false;
    const row = yield* statements.byId.get({ id: task.id });
    return row !== undefined && isDeepStrictEqual(taskFromRow(row), task);
  };
}
