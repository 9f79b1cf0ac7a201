import { setTimeout as wait } from 'node:timers/promises';
import { EDIT_INTERVAL_MS } from '../reporting/reporter.ts';
import type { Place } from './fair-order.ts';

/**
 * Replies are told their new places one after the other, at a fifth of the 50 requests that Discord takes in a second,
 * however many wait: images must not queue behind such news.
 */
export const TELL_EVERY_MS = 100;
/**
 * Once the interaction's token has expired, edits share the channel's rate limit of about one a second with everything
 * else in that channel. With half a minute per place, hundreds of waiting replies make one edit in five seconds.
 */
const SLOW_INTERVAL_MS = 30_000;

/** After a restart it is unknown when a place was last told. Assuming long ago lets the head of the line come first. */
const LONG_AGO_MS = 60_000;

/** Someone who waits for news of their place in line. */
export interface Listener {
  /** An earlier process has told them a place already. */
  readonly resumed: boolean;
  /** From when on edits of the reply share the channel's rate limit, in milliseconds since the epoch. */
  readonly slowFrom: number;
  moved(place: Place): void;
}

export interface PlaceNews {
  set(id: string, place: Place, listener: Listener): void;
  forget(id: string): void;
}

/** Its times are on the monotonic clock. */
interface Entry extends Listener {
  place: Place;
  told: Place | null;
  toldAt: number;
}

/**
 * Tells waiting people their places: the first place at once, later ones within a rate limit. People near the head
 * hear often, people far back seldom, since one place more or less means little there.
 */
export function createPlaceNews(options: {
  now: () => number;
  /** Milliseconds on a monotonic clock: one that was set back would silence the news. */
  elapsed: () => number;
  delay?: (ms: number) => Promise<unknown>;
}): PlaceNews {
  const { now, elapsed, delay = (ms) => wait(ms) } = options;
  const entries = new Map<string, Entry>();
  let isTelling = false;

  function tell(entry: Entry): void {
    entry.told = entry.place;
    entry.toldAt = elapsed();
    entry.moved(entry.place);
  }

  async function tellDue(): Promise<void> {
    isTelling = true;
    while ([...entries.values()].some(isStale)) {
      await delay(TELL_EVERY_MS);
      const due = mostOverdue(entries.values(), elapsed());
      if (due) tell(due);
    }
    isTelling = false;
  }

  return {
    set(id, place, listener) {
      const known = entries.get(id);
      const slowFrom = elapsed() + listener.slowFrom - now();
      const entry = known ?? { ...listener, place, told: null, toldAt: elapsed() - LONG_AGO_MS, slowFrom };
      entry.place = place;
      entries.set(id, entry);
      // After a restart the reply shows a place already, and hundreds may come back at once.
      if (!known && !listener.resumed) tell(entry);
      else if (!isTelling && isStale(entry)) void tellDue();
    },
    forget: (id) => entries.delete(id),
  };
}

function isStale({ place, told }: Entry): boolean {
  return told?.number !== place.number || told.among !== place.among || told.held !== place.held;
}

/** The entry that has been stale for longest in relation to its place; null when none is due. */
function mostOverdue(entries: Iterable<Entry>, elapsed: number): Entry | null {
  let most: Entry | null = null;
  for (const entry of entries) {
    const isDue = elapsed - entry.toldAt >= intervalOf(entry, elapsed);
    if (isStale(entry) && isDue && (!most || overdue(entry, elapsed) > overdue(most, elapsed))) most = entry;
  }
  return most;
}

function overdue({ toldAt, place }: Entry, elapsed: number): number {
  return (elapsed - toldAt) / place.number;
}

function intervalOf({ slowFrom, place }: Entry, elapsed: number): number {
  return elapsed < slowFrom ? EDIT_INTERVAL_MS : SLOW_INTERVAL_MS * place.number;
}
