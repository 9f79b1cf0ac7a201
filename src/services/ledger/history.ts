import type { DatabaseSync } from 'node:sqlite';
import { createTurns } from '../concurrency/turns.ts';
import type { TakeBreak } from './breaks.ts';
import type { GenerationLedger, StoredGeneration } from './generations.ts';
import { isFound, searchTerms } from './search-words.ts';
import { prepareAll } from './statements.ts';

/** Newest first, as many as one turn of the event loop has time for. */
const SQL = {
  older: `SELECT id, prompt FROM generations WHERE user_id = :userId AND id < :before
          AND EXISTS (SELECT 1 FROM tasks WHERE generation_id = generations.id AND image_url IS NOT NULL)
          ORDER BY id DESC LIMIT :limit`,
} as const;

const ROWS_PER_STEP = 200;
/** Comes after every id. */
const AFTER_ALL = '~';

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

export function createHistoryLedger(
  db: DatabaseSync,
  find: GenerationLedger['find'],
  takeBreak: TakeBreak,
): HistoryLedger {
  const { older } = prepareAll(db, SQL);
  /** Whoever searches many times at once waits for themselves, and slows down nobody else's search. */
  const turns = createTurns();

  /** Ids of all that has an image and every term in its prompt, newest first; everybody else goes on meanwhile. */
  async function search(userId: string, terms: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (let before = AFTER_ALL; ; ) {
      // Before the first step, too: many may begin in the same turn.
      await takeBreak();
      const rows = older.all({ userId, before, limit: ROWS_PER_STEP });
      const matching = rows.filter(({ prompt }) => terms.length === 0 || isFound(terms, prompt as string));
      found.push(...matching.map(({ id }) => id as string));
      if (rows.length < ROWS_PER_STEP) return found;
      before = rows.at(-1)?.id as string;
    }
  }

  return {
    async page(userId, typed, turn) {
      const ids = await turns(userId, () => search(userId, searchTerms(typed)));
      const index = turn ? indexAfter(turn, ids) : 0;
      const id = ids[index];
      const stored = id === undefined ? null : await find(id);
      return stored && { stored, position: index + 1, total: ids.length };
    },
  };
}

/** Where a turn leads to among ids that stand newest first; -1 where there is nothing. */
function indexAfter({ from, to }: Turn, ids: readonly string[]): number {
  if (to === 'newer') return ids.findLastIndex((id) => id > from);
  return ids.findIndex((id) => id < from);
}
