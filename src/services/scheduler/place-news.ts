import { setTimeout as wait } from 'node:timers/promises';
import { EDIT_INTERVAL_MS } from '../reporting/reporter.ts';
import type { Place } from './fair-order.ts';

/**
 * One reply after the other learns its new place, at a fifth of the 50 requests that Discord takes in a second,
 * however many wait: images are not to stand behind such news.
 */
export const TELL_EVERY_MS = 100;
/**
 * Once the interaction's token is dead, edits share the channel's limit of about one in a second with everything else
 * in that channel. At one per place and half a minute, hundreds that wait make one in five seconds.
 */
const DEAR_INTERVAL_MS = 30_000;

/** After a restart nobody knows when a place was told last: long ago, so that the head of the line comes first. */
const LONG_AGO_MS = 60_000;

/** Whom news are for. */
export interface Listener {
  /** An earlier process has told a place. */
  readonly resumed: boolean;
  /** From when on an edit of the reply is dear, in milliseconds since the epoch. */
  readonly dearFrom: number;
  moved(place: Place): void;
}

export interface PlaceNews {
  set(id: string, place: Place, listener: Listener): void;
  forget(id: string): void;
}

/** Its times are by the clock that nobody sets. */
interface Entry extends Listener {
  place: Place;
  told: Place | null;
  toldAt: number;
}

/**
 * Tells those who wait their places: the first one at once, later ones within a budget, in which whoever stands near
 * the head comes soon and whoever stands far back seldom: there, one place more or less means little.
 */
export function createPlaceNews(options: {
  now: () => number;
  /** Milliseconds since whenever, by a clock that nobody sets: one that is set back would silence the news. */
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

  async function tellInTurn(): Promise<void> {
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
      const dearFrom = elapsed() + listener.dearFrom - now();
      const entry = known ?? { ...listener, place, told: null, toldAt: elapsed() - LONG_AGO_MS, dearFrom };
      entry.place = place;
      entries.set(id, entry);
      // After a restart the reply shows a place already, and there may be hundreds at once.
      if (!known && !listener.resumed) tell(entry);
      else if (!isTelling && isStale(entry)) void tellInTurn();
    },
    forget: (id) => entries.delete(id),
  };
}

function isStale({ place, told }: Entry): boolean {
  return told?.number !== place.number || told.among !== place.among || told.held !== place.held;
}

/** Who has been wrong for longest in relation to their place; null where nobody is due. */
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

function intervalOf({ dearFrom, place }: Entry, elapsed: number): number {
  return elapsed < dearFrom ? EDIT_INTERVAL_MS : DEAR_INTERVAL_MS * place.number;
}
