import type { DatabaseSync } from 'node:sqlite';
import { type EndReason, type Task, taskFromRow } from './rows.ts';
import { prepareAll } from './statements.ts';

/**
 * Every way a task's state may change: a guarded UPDATE each, whose row count is the answer. A guard that doesn't
 * hold (somebody else was faster) changes nothing.
 */
const SQL = {
  submit: `UPDATE tasks SET state = 'submitting', submitted_at = :now
           WHERE id = :id AND state = 'reserved' RETURNING *`,
  putBack: `UPDATE tasks SET state = 'reserved', submitted_at = NULL
            WHERE id = :id AND state = 'submitting' RETURNING *`,
  run: `UPDATE tasks SET state = 'running', service_task_id = :serviceTaskId, submitted_at = :now
        WHERE id = :id AND state = 'submitting' RETURNING *`,
  refuse: `UPDATE tasks SET state = 'refused', reason = :reason, service_words = :words, ended_at = :now
           WHERE id = :id AND state IN ('reserved', 'submitting') RETURNING *`,
  leaveUnconfirmed: `UPDATE tasks SET state = 'unconfirmed', reason = 'outcome-unknown', service_words = :words, ended_at = :now
           WHERE id = :id AND state = 'submitting' RETURNING *`,
  complete: `UPDATE tasks SET state = 'completed', image_url = :imageUrl, ended_at = :now
             WHERE id = :id AND state = 'running' RETURNING *`,
  keepImage: `UPDATE tasks SET image_file = :file WHERE id = :id AND state = 'completed' RETURNING *`,
  fail: `UPDATE tasks SET state = 'failed', reason = :reason, service_words = :words, ended_at = :now
         WHERE id = :id AND state = 'running' RETURNING *`,
  expire: `UPDATE tasks SET state = 'expired', reason = 'deadline', ended_at = :now
           WHERE id = :id AND state = 'running' RETURNING *`,
  deliver: `UPDATE tasks SET state = 'delivered', image_file = NULL WHERE id = :id AND state = 'completed' RETURNING *`,
  giveUp: `UPDATE tasks SET state = 'undeliverable', reason = :reason
           WHERE id = :id AND state = 'completed' RETURNING *`,
} as const;

type Ended = { reason: EndReason; words?: string | null };

/** The task as it is after the change, or null where its guard didn't hold. */
type Changed = Promise<Task | null>;

export interface TaskLedger {
  submit(id: string): Changed;
  /** For a create that was certainly not taken, and will be sent by the next process. */
  putBack(id: string): Changed;
  run(id: string, serviceTaskId: string): Changed;
  refuse(id: string, end: Ended): Changed;
  leaveUnconfirmed(id: string, words?: string | null): Changed;
  complete(id: string, imageUrl: string): Changed;
  keepImage(id: string, file: string): Changed;
  fail(id: string, end: Ended): Changed;
  expire(id: string): Changed;
  deliver(id: string): Changed;
  giveUp(id: string, reason: EndReason): Changed;
}

export function createTaskLedger(db: DatabaseSync, now: () => number): TaskLedger {
  const statements = prepareAll(db, SQL);

  async function change(name: keyof typeof SQL, parameters: Record<string, string | number | null>) {
    const row = statements[name].get(parameters);
    return row ? taskFromRow(row) : null;
  }

  return {
    submit: (id) => change('submit', { id, now: now() }),
    putBack: (id) => change('putBack', { id }),
    run: (id, serviceTaskId) => change('run', { id, serviceTaskId, now: now() }),
    refuse: (id, { reason, words = null }) => change('refuse', { id, reason, words, now: now() }),
    leaveUnconfirmed: (id, words = null) => change('leaveUnconfirmed', { id, words, now: now() }),
    complete: (id, imageUrl) => change('complete', { id, imageUrl, now: now() }),
    keepImage: (id, file) => change('keepImage', { id, file }),
    fail: (id, { reason, words = null }) => change('fail', { id, reason, words, now: now() }),
    expire: (id) => change('expire', { id, now: now() }),
    deliver: (id) => change('deliver', { id }),
    giveUp: (id, reason) => change('giveUp', { id, reason }),
  };
}
