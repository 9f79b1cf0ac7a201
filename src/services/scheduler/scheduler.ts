import type { RunningRow, TurnLedger } from '../ledger/turns.ts';
import type { Logger } from '../log.ts';
import {
  type Arranged,
  arrange,
  type Hold,
  keysOf,
  type Place,
  type Tally,
  type WaitingTurn,
} from './fair-order.ts';
import { createPlaceNews, type Listener } from './place-news.ts';

/** Lets requests begin as the limits allow, in a fair order. The rows decide which; memory only knows whom to wake. */
export interface Scheduler {
  /**
   * Resolves when it is this request's turn and its row says so: with `probe` when no other may begin, and this one finds
   * out whether the account works again. Rejects once `signal` is aborted.
   */
  wait(
    request: { id: string; userId: string },
    listener: Listener & { signal: AbortSignal },
  ): Promise<'turn' | 'probe'>;
  /** To be called when the rows say that a task of this person is over; `isLast` if it was its request's last one. */
  madeRoom(userId: string, isLast: boolean): void;
  /** A waiting request's place in line; null when it isn't waiting. */
  placeOf(id: string): Place | null;
}

/** Holds the line while the account is in trouble, and lets a request through now and then to probe it. */
export interface CircuitBreaker {
  /** Whether the next request may begin now. Asked once for each request; a yes is used up by it. */
  mayBegin(): boolean;
  /** Why the line is held, also during a probe; null when it isn't, or when the trouble isn't confirmed yet. */
  hold(): Hold | null;
  /** Calls back when either may have changed. */
  onChange(listener: () => void): void;
}

interface Entry extends Listener {
  readonly userId: string;
  start(how: 'turn' | 'probe'): void;
}

/** Arranging the line takes no more than this share of the time, however many requests come and go. */
const BUSY_SHARE = 0.1;
/** The pause before the line is read again after a failure. */
const RETRY_AFTER_MS = 2000;

/** The wall clock may be set: what is to happen at a time of it is looked for this often. */
const LOOK_AGAIN_AFTER_MS = 60_000;

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

  /** Arranges the line soon, once for all that happens at the same time. */
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
      wakeAt(now() + RETRY_AFTER_MS);
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
    await begin(arranged.starting, held ? 'probe' : 'turn');
    for (const [id, place] of places) {
      const entry = entries.get(id);
      if (entry) news.set(id, place, entry);
    }
    const busy = running.flatMap(({ busyUntil }) => busyUntil ?? []);
    if (busy.length > 0) wakeAt(Math.min(...busy));
  }

  function behindBreaker(waiting: readonly WaitingTurn[], running: Tally): Arranged {
    const arranged = arrange(waiting, running, tasksMax);
    // The breaker is asked only about requests that nothing else blocks, so that no probe is wasted.
    const stopped = arranged.starting.findIndex(() => !breaker.mayBegin());
    return stopped === -1 ? arranged : arrange(waiting, running, tasksMax, stopped);
  }

  async function begin(starting: Arranged['starting'], how: 'turn' | 'probe'): Promise<void> {
    if (starting.length === 0) return;
    const ids = starting.map(({ id }) => id);
    try {
      await ledger.turns.start(ids);
    } catch (err) {
      // Nothing is sent before it is on disk. A request that begins waits for the disk then, and its reply says so.
      log.error(
        { err, ids },
        'the start could not be written; after a restart these requests would wait once more',
      );
    }
    for (const id of ids) entries.get(id)?.start(how);
  }

  function wakeAt(time: number): void {
    clearTimeout(wakeUp);
    wakeUp = setTimeout(wake, Math.min(Math.max(0, time - now()), LOOK_AGAIN_AFTER_MS)).unref();
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
        const start = (how: 'turn' | 'probe') => {
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
        .catch((err: unknown) => log.error({ err }, 'the end of a turn could not be written'))
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
