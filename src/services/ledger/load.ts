import type { Database } from './database.ts';

/** Both go by the index of what is unsettled, however much the ledger holds besides: CROSS JOIN keeps that order. */
const SQL = {
  tasks: `SELECT state, model, COUNT(*) AS count FROM generations CROSS JOIN tasks
          WHERE generation_id = generations.id AND settled_at IS NULL GROUP BY state, model`,
  waiting: 'SELECT COUNT(*) AS count FROM generations WHERE settled_at IS NULL AND started_at IS NULL',
} as const;

/** What is under way. */
export interface Load {
  /** How many tasks of unsettled generations are in which state. */
  tasks(): Promise<{ state: string; model: string; count: number }[]>;
  /** How many requests have not begun yet. */
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
