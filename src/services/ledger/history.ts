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

/** A place among what was found: that of a generation, also where it has gone since, on a page that begins so many earlier. */
export interface HistoryPlace {
  readonly id: string;
  readonly position: number;
}

/** Some of a person's generations, newest first. */
export interface HistorySheet {
  readonly items: readonly StoredGeneration[];
  readonly hasNewer: boolean;
  /** The first one of the next page. */
  readonly olderFrom: string | null;
  /** Days on which there is something, newest first, whatever the words: from this page on, or around the one looked for. */
  readonly days: readonly number[];
}

/** One of them. */
export interface HistoryEntry {
  readonly stored: StoredGeneration;
  readonly hasNewer: boolean;
  readonly hasOlder: boolean;
}

/** From which generation the person goes on, and in which direction. */
export interface Turn {
  readonly from: string;
  readonly to: 'older' | 'newer';
}

export interface HistoryLedger {
  /** The page at this place, or the newest one: where nothing is there any more, too. */
  sheet(userId: string, filter: HistoryFilter, place: HistoryPlace | null): Promise<HistorySheet>;
  /** The one that a turn leads to; null where there is none. */
  turn(userId: string, filter: HistoryFilter, turn: Turn): Promise<HistoryEntry | null>;
  /** This one; null where the person has none with this id. */
  entry(userId: string, filter: HistoryFilter, id: string): Promise<HistoryEntry | null>;
  /** Ids of the person's favourites, newest first, older than the given one where there is one. */
  favourites(userId: string, before: string | null, limit: number): Promise<string[]>;
}

export const ITEMS_PER_SHEET = 9;
/** A menu has 25 places, of which one is for all days. */
const DAYS_LISTED = 24;

export function createHistoryLedger(
  db: Database,
  find: GenerationLedger['find'],
  takeBreak: TakeBreak,
): HistoryLedger {
  const walk = createWalk(db, takeBreak);
  /** Whoever searches many times at once waits for themselves, and slows down nobody else's search. */
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

  /** Whatever the words: a day at a time, without what else there is on it. */
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

  /** Whoever picks the last of the days that are listed sees those before it. */
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

/** A place after this one, and before whatever is newer. */
function including(id: string): string {
  return `${id}${AFTER_ALL}`;
}
