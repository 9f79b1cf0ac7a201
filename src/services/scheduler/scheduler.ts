import type { RunningRow, TurnLedger } from '../ledger/turns.ts';
import type { Logger } from '../log.ts';
import {
  type Arranged,
  arrange,
  type Hold,
  keysOf,
  type Place,
  type Tally,
  type Waiting,
} from './fair-order.ts';
import { createPlaceNews, type Listener } from './place-news.ts';

/** Lets requests begin as the limits allow, in a fair order. The rows decide who may; memory only knows whom to wake. */
export interface Scheduler {
  /**
   * Resolves when it is this request's turn, which its row says by then. Rejects once `signal` is aborted. `try`: nobody
   * else may begin.
   */
  wait(
    request: { id: string; userId: string },
    listener: Listener & { signal: AbortSignal },
  ): Promise<'turn' | 'try'>;
  /** Some of what the service has to make for this person is over, as the rows say; all of this request, if `isLast`. */
  madeRoom(userId: string, isLast: boolean): void;
  placeOf(id: string): Place | null;
}

/** Keeps everybody from beginning while the account is in trouble, except for a try now and then whether that is over. */
export interface CircuitBreaker {
  /** Whether the next one may begin now. It is asked for each one, and a yes is used up by that one. */
  mayBegin(): boolean;
  /** Why nobody begins, also while one tries; null where all may, or where there is nothing to say yet. */
  hold(): Hold | null;
  /** Calls back when either may have changed. */
  onChange(listener: () => void): void;
}

interface Entry extends Listener {
  readonly userId: string;
  start(how: 'turn' | 'try'): void;
}

/** However many come and go, arranging takes no more than this share of the time. */
const BUSY_SHARE = 0.1;
/** Where the rows can't be read or written, they are tried again after this long. */
const TRY_AGAIN_AFTER_MS = 2000;

export function createScheduler(options: {
  ledger: { readonly turns: TurnLedger };
  tasksMax: number | null;
  breaker: CircuitBreaker;
  now: () => number;
  elapsed: () => number;
  log: Logger;
}): Scheduler {
  const { ledger, tasksMax, breaker, now, elapsed, log } = options;
  const entries = new Map<string, Entry>();
  const news = createPlaceNews({ now, elapsed });
  let places: ReadonlyMap<string, Place> = new Map();
  let isArranging = false;
  let isDue = false;
  let restUntil = Number.NEGATIVE_INFINITY;
  let wakeUp: NodeJS.Timeout | undefined;

  /** Once for all that happens at the same time. */
  function wake(): void {
    isDue = entries.size > 0;
    if (!isDue || isArranging) return;
    isArranging = true;
    setTimeout(() => void arrangeWhileDue(), Math.max(0, restUntil - elapsed()));
  }

  async function arrangeWhileDue(): Promise<void> {
    isDue = false;
    try {
      await arrangeNow();
    } catch (err) {
      log.error({ err }, 'the line could not be read; it is tried again');
      wakeAt(now() + TRY_AGAIN_AFTER_MS);
    }
    isArranging = false;
    if (isDue) wake();
  }

  async function arrangeNow(): Promise<void> {
    const begunAt = elapsed();
    const known = new Set(entries.keys());
    const { waiting, running } = await ledger.turns.read();
    const here = waiting.filter(({ id }) => known.has(id));
    for (const id of known.difference(new Set(here.map((row) => row.id)))) entries.get(id)?.start('turn');
    const held = breaker.hold();
    const arranged = behindBreaker(here, tallyOf(running));
    places = held ? heldAt(arranged.places, held) : arranged.places;
    restUntil = elapsed() + (elapsed() - begunAt) / BUSY_SHARE;
    await begin(arranged.starting, held ? 'try' : 'turn');
    for (const [id, place] of places) {
      const entry = entries.get(id);
      if (entry) news.set(id, place, entry);
    }
    const busy = running.flatMap(({ busyUntil }) => busyUntil ?? []);
    if (busy.length > 0) wakeAt(Math.min(...busy));
  }

  function behindBreaker(waiting: readonly Waiting[], running: Tally): Arranged {
    const arranged = arrange(waiting, running, tasksMax);
    // Only those are asked about whom nothing else holds: a try is for one that makes it.
    const stopped = arranged.starting.findIndex(() => !breaker.mayBegin());
    return stopped === -1 ? arranged : arrange(waiting, running, tasksMax, stopped);
  }

  async function begin(starting: Arranged['starting'], how: 'turn' | 'try'): Promise<void> {
    if (starting.length === 0) return;
    const ids = starting.map(({ id }) => id);
    try {
      await ledger.turns.start(ids);
    } catch (err) {
      // Nothing is sent before it is on disk: whoever begins waits there for the disk, and says so in the reply.
      log.error({ err, ids }, 'the start could not be written; the next process would let it wait once more');
    }
    for (const id of ids) entries.get(id)?.start(how);
  }

  function wakeAt(time: number): void {
    clearTimeout(wakeUp);
    wakeUp = setTimeout(wake, Math.max(0, time - now())).unref();
  }

  function leaveLine(id: string): void {
    entries.delete(id);
    news.forget(id);
  }

  breaker.onChange(wake);

  return {
    wait({ id, userId }, { signal, ...listener }) {
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        const giveUp = () => {
          leaveLine(id);
          wake();
          reject(signal.reason);
        };
        signal.addEventListener('abort', giveUp, { once: true });
        const start = (how: 'turn' | 'try') => {
          signal.removeEventListener('abort', giveUp);
          leaveLine(id);
          resolve(how);
        };
        entries.set(id, { ...listener, userId, start });
        wake();
      });
    },
    madeRoom(userId, isLast) {
      const waits = isLast && entries.values().some((entry) => entry.userId === userId);
      const written = waits ? ledger.turns.over(userId) : Promise.resolve();
      written
        .catch((err: unknown) => log.error({ err }, 'whose turn it was could not be written'))
        .finally(wake);
    },
    placeOf: (id) => (entries.has(id) ? (places.get(id) ?? null) : null),
  };
}

function tallyOf(running: readonly RunningRow[]): Tally {
  const requests = new Map<string, number>();
  for (const row of running)
    for (const key of keysOf(row)) requests.set(key, (requests.get(key) ?? 0) + row.requests);
  return {
    requestsOf: (key) => requests.get(key) ?? 0,
    tasks: running.reduce((sum, row) => sum + row.tasks, 0),
  };
}

function heldAt(places: ReadonlyMap<string, Place>, held: Hold): ReadonlyMap<string, Place> {
  return new Map([...places].map(([id, place]) => [id, { ...place, held }]));
}
