import type { TakeBreak } from './breaks.ts';
import type { Database } from './database.ts';
import { isFound, searchTerms } from './search-words.ts';

const HAS_IMAGE =
  'EXISTS (SELECT 1 FROM tasks WHERE generation_id = generations.id AND image_url IS NOT NULL) AS has_image';
const COLUMNS = `id, prompt, model, created_at, ${HAS_IMAGE}`;

/** Each step reads as many rows as one turn of the event loop has time for. The filters are applied to these rows. */
const SQL = {
  older: `SELECT ${COLUMNS} FROM generations WHERE user_id = :userId AND id < :from ORDER BY id DESC LIMIT :limit`,
  newer: `SELECT ${COLUMNS} FROM generations WHERE user_id = :userId AND id > :from ORDER BY id LIMIT :limit`,
  olderStarred: `SELECT ${COLUMNS} FROM generations WHERE user_id = :userId AND starred_at IS NOT NULL AND id < :from
                 ORDER BY id DESC LIMIT :limit`,
  newerStarred: `SELECT ${COLUMNS} FROM generations WHERE user_id = :userId AND starred_at IS NOT NULL AND id > :from
                 ORDER BY id LIMIT :limit`,
} as const;

/** The first step reads few rows, because most callers want few; later steps read more. */
const ROWS_PER_STEP = { first: 25, most: 200 };
/** Sorts after every id. */
export const AFTER_ALL = '~';
export const DAY_MS = 24 * 60 * 60_000;
/** An id may be created shortly before or after the time in its row. */
export const SLACK_MS = 60_000;

/** A person's filter for their generations with an image. */
export interface HistoryFilter {
  /** Words of the prompt, as the person typed them. */
  readonly search: string;
  /** Only generations of this day, in days since 1970 (UTC). */
  readonly day: number | null;
  readonly model: string | null;
  /** Only favourites. */
  readonly starred: boolean;
}

export const EVERYTHING: HistoryFilter = { search: '', day: null, model: null, starred: false };

/** A generation that matches. */
export interface Found {
  readonly id: string;
  readonly day: number;
}

export type Direction = 'older' | 'newer';

/** Yields a person's matching generations from an id on, without blocking everybody else. */
export type Walk = (
  userId: string,
  filter: HistoryFilter,
  start: string,
  to: Direction,
) => AsyncGenerator<Found>;

/** Reads a person's generations in steps; for a day, only those of that day. */
export function createWalk(db: Database, takeBreak: TakeBreak): Walk {
  const statements = db.prepare(SQL);

  async function* steps(userId: string, { starred, day }: HistoryFilter, start: string, to: Direction) {
    const statement = statements[starred ? (`${to}Starred` as const) : to];
    const { first, last } = boundsOf(day);
    let from = to === 'older' ? lesser(start, last) : greater(start, first);
    for (let limit = ROWS_PER_STEP.first; ; limit = Math.min(2 * limit, ROWS_PER_STEP.most)) {
      // Also before the first step, because many walks may begin in the same turn.
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

/** The range of ids for the generations of a day. */
function boundsOf(day: number | null): { readonly first: string; readonly last: string } {
  if (day === null) return { first: '', last: AFTER_ALL };
  return { first: idAt(day * DAY_MS - SLACK_MS), last: idAt((day + 1) * DAY_MS + SLACK_MS) };
}

/** The beginning of an id of this moment: its first 48 bits are the time (RFC 9562, version 7). */
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
