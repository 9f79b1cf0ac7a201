import type { Database } from './database.ts';

/**
 * Both start from the index of unsettled generations, so that the size of the ledger doesn't matter. CROSS JOIN keeps
 * that order.
 */
const SQL = {
  tasks: `SELECT state, model, COUNT(*) AS count FROM generations CROSS JOIN tasks
          WHERE generation_id = generations.id AND settled_at IS NULL GROUP BY state, model`,
  waiting: 'SELECT COUNT(*) AS count FROM generations WHERE settled_at IS NULL AND started_at IS NULL',
} as const;

/** The work under way. */
export interface Load {
  /** The number of tasks of unsettled generations, by state and model. */
  tasks(): Promise<{ state: string; model: string; count: number }[]>;
  /** The number of requests that haven't begun yet. */
  waiting(): Promise<number>;
}

export function createLoad(db: Database): Load {
  const statements = db.prepare(SQL);
  return {
    async tasks() {
      const rows = await db.read(() => statements.tasks.all());
      return rows.map((row) => ({
        state: row.state as string,
        model: row.model as string,
        count: row.count as number,
      }));
    },
    waiting: async () => (await db.read(() => statements.waiting.get()))?.count as number,
  };
}
