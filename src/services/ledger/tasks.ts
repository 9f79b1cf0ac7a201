import type { Database, Steps } from './database.ts';
import type { Task, TaskState } from './rows.ts';

const SQL = {
  save: `UPDATE tasks
         SET state = :state, service_task_id = :serviceTaskId, image_url = :imageUrl, image_file = :imageFile,
             thumbnail_file = :thumbnailFile, attachment_id = :attachmentId, reason = :reason, service_words = :serviceWords, submitted_at = :submittedAt,
             watched_since = :watchedSince, ended_at = :endedAt, busy_until = :busyUntil, cost = :cost
         WHERE id = :id AND state = :from`,
} as const;

export interface TaskLedger {
  /** Writes the task if the row's state is still `from`. Otherwise writes nothing and returns false. */
  save(from: TaskState, task: Task): Promise<boolean>;
}

export function createTaskLedger(db: Database): TaskLedger {
  const save = saveTask(db);
  return { save: (from, task) => db.write(() => save(from, task)) };
}

/** The guarded UPDATE that every change of a task goes through. */
export function saveTask(db: Database): (from: TaskState, task: Task) => Steps<boolean> {
  const statements = db.prepare(SQL);
  return function* save(from, { generationId: _, ...columns }) {
    return (yield* statements.save.run({ ...columns, from })) === 1;
  };
}
