import type { TakeBreak } from './breaks.ts';
import type { Database } from './database.ts';
import { isFound, searchTerms } from './search-words.ts';

const HAS_IMAGE =
  'EXISTS (SELECT 1 FROM tasks WHERE generation_id = generations.id AND image_url IS NOT NULL) AS has_image';
const COLUMNS = `id, prompt, model, created_at, ${HAS_IMAGE}`;

/** As many rows as one turn of the event loop has time for, whatever is looked for among them. */
const SQL = {
  older: `SELECT ${COLUMNS} FROM generations WHERE user_id = :userId AND id < :from ORDER BY id DESC LIMIT :limit`,
  newer: `SELECT ${COLUMNS} FROM generations WHERE user_id = :userId AND id > :from ORDER BY id LIMIT :limit`,
  olderStarred: `SELECT ${COLUMNS} FROM generations WHERE user_id = :userId AND starred_at IS NOT NULL AND id < :from
                 ORDER BY id DESC LIMIT :limit`,
  newerStarred: `SELECT ${COLUMNS} FROM generations WHERE user_id = :userId AND starred_at IS NOT NULL AND id > :from
                 ORDER BY id LIMIT :limit`,
} as const;

/** The first step takes few, since few are wanted most of the time; the others take more and more. */
const ROWS_PER_STEP = { first: 25, most: 200 };
/** Comes after every id. */
export const AFTER_ALL = '~';
export const DAY_MS = 24 * 60 * 60_000;
/** An id is made some moments before or after the time that stands in its row. */
export const SLACK_MS = 60_000;

/** What a person looks for among their generations that have an image. */
export interface HistoryFilter {
  /** Words of the prompt, as they were typed. */
  readonly search: string;
  /** Only of this day: days since 1970, UTC. */
  readonly day: number | null;
  readonly model: string | null;
  /** Only favourites. */
  readonly starred: boolean;
}

export const EVERYTHING: HistoryFilter = { search: '', day: null, model: null, starred: false };

/** One that matches. */
export interface Found {
  readonly id: string;
  readonly day: number;
}

export type Direction = 'older' | 'newer';

/** What of a person's generations matches from one id on, one after the other; everybody else goes on meanwhile. */
export type Walk = (
  userId: string,
  filter: HistoryFilter,
  start: string,
  to: Direction,
) => AsyncGenerator<Found>;

/** Reads a person's generations a step at a time, and only those of the day where one is looked for. */
export function createWalk(db: Database, takeBreak: TakeBreak): Walk {
  const statements = db.prepare(SQL);

  async function* steps(userId: string, { starred, day }: HistoryFilter, start: string, to: Direction) {
    const statement = statements[starred ? (`${to}Starred` as const) : to];
    const { first, last } = boundsOf(day);
    let from = to === 'older' ? lesser(start, last) : greater(start, first);
    for (let limit = ROWS_PER_STEP.first; ; limit = Math.min(2 * limit, ROWS_PER_STEP.most)) {
      // Before the first step, too: many may begin in the same turn.
      await takeBreak();
      const after = { userId, from, limit };
      const rows = await db.read(() => statement.all(after));
      yield rows;
      from = (rows.at(-1)?.id as string | undefined) ?? from;
      if (rows.length < limit || from < first || from > last) return;
    }
  }

  return async function* walk(userId, filter, start, to) {
    const terms = searchTerms(filter.search);
    for await (const rows of steps(userId, filter, start, to)) {
      for (const row of rows) if (isMatch(row, filter, terms)) yield found(row);
    }
  };
}

function isMatch(
  { prompt, model, created_at, has_image }: Record<string, unknown>,
  filter: HistoryFilter,
  terms: readonly string[],
): boolean {
  return (
    Boolean(has_image) &&
    (filter.model === null || model === filter.model) &&
    (filter.day === null || dayOf(created_at as number) === filter.day) &&
    (terms.length === 0 || isFound(terms, prompt as string))
  );
}

function found({ id, created_at }: Record<string, unknown>): Found {
  return { id: id as string, day: dayOf(created_at as number) };
}

function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}

/** Between which ids the generations of a day are. */
function boundsOf(day: number | null): { readonly first: string; readonly last: string } {
  if (day === null) return { first: '', last: AFTER_ALL };
  return { first: idAt(day * DAY_MS - SLACK_MS), last: idAt((day + 1) * DAY_MS + SLACK_MS) };
}

/** What an id of this moment begins with: the time is its first 48 bits (RFC 9562, version 7). */
export function idAt(time: number): string {
  const hex = Math.max(0, time).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

export function lesser(one: string, other: string): string {
  return one < other ? one : other;
}

function greater(one: string, other: string): string {
  return one > other ? one : other;
}
