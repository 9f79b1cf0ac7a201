import type { DatabaseSync } from 'node:sqlite';
import type { GenerationLedger, StoredGeneration } from './generations.ts';
import { searchQuery } from './search-words.ts';
import { prepareAll } from './statements.ts';

/** What has an image, and the words that were searched for, if any. */
const FOUND = `FROM generations WHERE user_id = :userId
  AND EXISTS (SELECT 1 FROM tasks WHERE generation_id = generations.id AND image_url IS NOT NULL)
  AND (:query IS NULL OR id IN (
    SELECT generation_id FROM prompt_keys JOIN prompt_search ON prompt_search.rowid = key
    WHERE prompt_search MATCH :query))`;

const SQL = {
  newest: `SELECT id ${FOUND} ORDER BY id DESC LIMIT 1`,
  older: `SELECT id ${FOUND} AND id < :from ORDER BY id DESC LIMIT 1`,
  newer: `SELECT id ${FOUND} AND id > :from ORDER BY id LIMIT 1`,
  count: `SELECT count(*) AS total, count(*) FILTER (WHERE id >= :id) AS position ${FOUND}`,
} as const;

/** One of a person's generations that has an image, and where it stands among those that were looked for. */
export interface HistoryPage {
  readonly stored: StoredGeneration;
  /** From 1, the newest first. */
  readonly position: number;
  readonly total: number;
}

/** From which generation the person goes on, and in which direction. */
export interface Turn {
  readonly from: string;
  readonly to: 'older' | 'newer';
}

export interface HistoryLedger {
  /** The page that a turn leads to, or the newest one. Null where there is none. */
  page(userId: string, search: string, turn: Turn | null): Promise<HistoryPage | null>;
}

export function createHistoryLedger(db: DatabaseSync, find: GenerationLedger['find']): HistoryLedger {
  const statements = prepareAll(db, SQL);
  return {
    async page(userId, search, turn) {
      const wanted = { userId, query: searchQuery(search) };
      const row = turn
        ? statements[turn.to].get({ ...wanted, from: turn.from })
        : statements.newest.get(wanted);
      const stored = row ? await find(row.id as string) : null;
      if (!stored) return null;
      const { total, position } = statements.count.get({ ...wanted, id: stored.generation.id }) as {
        total: number;
        position: number;
      };
      return { stored, total, position };
    },
  };
}
