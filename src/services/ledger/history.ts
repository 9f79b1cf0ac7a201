import { createTurns } from '../concurrency/turns.ts';
import type { TakeBreak } from './breaks.ts';
import type { Database } from './database.ts';
import type { GenerationLedger, StoredGeneration } from './generations.ts';
import {
  AFTER_ALL,
  createWalk,
  DAY_MS,
  EVERYTHING,
  type Found,
  type HistoryFilter,
  idAt,
  lesser,
  SLACK_MS,
} from './history-walk.ts';

export { EVERYTHING, type HistoryFilter };

/** A place in the history: a generation, which may be gone by now, and its position on the page. */
export interface HistoryPlace {
  readonly id: string;
  readonly position: number;
}

/** A page of a person's generations, newest first. */
export interface HistorySheet {
  readonly items: readonly StoredGeneration[];
  readonly hasNewer: boolean;
  /** The first generation of the next page. */
  readonly olderFrom: string | null;
  /**
   * Days with generations, newest first, regardless of the search words: from this page on, or around the picked day.
   */
  readonly days: readonly number[];
}

/** A single generation of the history. */
export interface HistoryEntry {
  readonly stored: StoredGeneration;
  readonly hasNewer: boolean;
  readonly hasOlder: boolean;
}

/** A step from a generation to the next older or newer one. */
export interface Turn {
  readonly from: string;
  readonly to: 'older' | 'newer';
}

export interface HistoryLedger {
  /** The page at this place. The newest page without a place, or when nothing is left there. */
  sheet(userId: string, filter: HistoryFilter, place: HistoryPlace | null): Promise<HistorySheet>;
  /** The generation that a turn leads to; null when there is none. */
  turn(userId: string, filter: HistoryFilter, turn: Turn): Promise<HistoryEntry | null>;
  /** The generation with this id; null when the person has none. */
  entry(userId: string, filter: HistoryFilter, id: string): Promise<HistoryEntry | null>;
  /** The ids of the person's favourites, newest first; with `before`, only older ones. */
  favourites(userId: string, before: string | null, limit: number): Promise<string[]>;
}

export const ITEMS_PER_SHEET = 9;
/** A menu has 25 options, and one of them is for all days. */
const DAYS_LISTED = 24;

export function createHistoryLedger(
  db: Database,
  find: GenerationLedger['find'],
  takeBreak: TakeBreak,
): HistoryLedger {
  const walk = createWalk(db, takeBreak);
  /** A person's simultaneous searches wait for each other, so that they don't slow down anybody else's. */
  const turns = createTurns();

  async function some(limit: number, walked: AsyncGenerator<Found>): Promise<string[]> {
    const ids: string[] = [];
    if (limit === 0) return ids;
    for await (const { id } of walked) {
      ids.push(id);
      if (ids.length === limit) break;
    }
    return ids;
  }

  async function has(walked: AsyncGenerator<Found>): Promise<boolean> {
    return (await some(1, walked)).length > 0;
  }

  /** Ignores the search words. Skips from day to day without reading the rest of each day. */
  async function daysFrom(userId: string, filter: HistoryFilter, start: string): Promise<number[]> {
    const days = new Set<number>();
    const any = { ...filter, search: '', day: null };
    for (let from = start; days.size < DAYS_LISTED; ) {
      const before = from;
      for await (const { id, day } of walk(userId, any, from, 'older')) {
        from = id;
        if (days.has(day)) continue;
        days.add(day);
        from = lesser(id, idAt(day * DAY_MS + SLACK_MS));
        break;
      }
      if (from === before) break;
    }
    return [...days];
  }

  /** If the picked day is the last in the list, or not in it, lists the days around it instead. */
  async function daysAround(userId: string, filter: HistoryFilter, first: string, found: string) {
    const days = await daysFrom(userId, filter, including(first));
    const isAmong = filter.day === null || days.slice(0, DAYS_LISTED - 1).includes(filter.day);
    return isAmong ? days : daysFrom(userId, filter, including(found));
  }

  async function sheetAt(userId: string, filter: HistoryFilter, place: HistoryPlace): Promise<HistorySheet> {
    const before = await some(place.position, walk(userId, filter, place.id, 'newer'));
    const first = before.at(-1) ?? place.id;
    const ids = await some(ITEMS_PER_SHEET + 1, walk(userId, filter, including(first), 'older'));
    const items = await Promise.all(ids.slice(0, ITEMS_PER_SHEET).map(find));
    return {
      items: items.filter((stored) => stored !== null),
      hasNewer: await has(walk(userId, filter, first, 'newer')),
      olderFrom: ids[ITEMS_PER_SHEET] ?? null,
      days: await daysAround(userId, filter, first, ids[0] ?? first),
    };
  }

  async function entry(userId: string, filter: HistoryFilter, id: string): Promise<HistoryEntry | null> {
    const stored = await find(id);
    if (stored?.generation.userId !== userId) return null;
    const hasNewer = await has(walk(userId, filter, id, 'newer'));
    return { stored, hasNewer, hasOlder: await has(walk(userId, filter, id, 'older')) };
  }

  return {
    sheet: (userId, filter, place) =>
      turns(userId, async () => {
        const sheet = place && (await sheetAt(userId, filter, place));
        if (sheet && sheet.items.length > 0) return sheet;
        return sheetAt(userId, filter, { id: AFTER_ALL, position: 0 });
      }),
    turn: (userId, filter, { from, to }) =>
      turns(userId, async () => {
        const [id] = await some(1, walk(userId, filter, from, to));
        return id === undefined ? null : entry(userId, filter, id);
      }),
    entry: (userId, filter, id) => turns(userId, () => entry(userId, filter, id)),
    favourites: (userId, before, limit) =>
      turns(userId, () =>
        some(limit, walk(userId, { ...EVERYTHING, starred: true }, before ?? AFTER_ALL, 'older')),
      ),
  };
}

/** Sorts directly after this id. */
function including(id: string): string {
  return `${id}${AFTER_ALL}`;
}
