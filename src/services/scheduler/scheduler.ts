import { setImmediate } from 'node:timers';
import {
  type Arranged,
  arrange,
  type Hold,
  keysOf,
  type Place,
  type Turn,
  type Waiting,
} from './fair-order.ts';
import { createPlaceNews, type Listener } from './place-news.ts';

/** Lets requests begin as the limits allow, in a fair order. In memory: it is rebuilt from the rows. */
export interface Scheduler {
  /**
   * Resolves when it is this request's turn; from then on it counts as running. Rejects once `signal` is aborted.
   * `try`: nobody else may begin. One that has begun and waits again counts no longer.
   */
  wait(turn: Waiting, listener: Listener & { signal: AbortSignal }): Promise<'turn' | 'try'>;
  /** Counts a request that has begun already, whatever the limits say. */
  goOn(turn: Turn): void;
  /** So many of its images are still to be made. With the last one it makes room. */
  left(id: string, tasks: number): void;
  /** Nobody serves it any more: it makes room at once, or when the service is presumably done with what it has taken. */
  leave(id: string, busyUntil: number): void;
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
  turn: Waiting;
  start(how: 'turn' | 'try'): void;
}

export function createScheduler(options: {
  tasksMax: number | null;
  breaker: CircuitBreaker;
  now: () => number;
  elapsed: () => number;
}): Scheduler {
  const { tasksMax, breaker, now, elapsed } = options;
  const waiting = new Map<string, Entry>();
  const running = new Map<string, Turn>();
  const leaving = new Map<string, NodeJS.Timeout>();
  const requests = new Map<string, number>();
  const news = createPlaceNews({ now, elapsed });
  let places: ReadonlyMap<string, Place> = new Map();
  let tasks = 0;
  let isDue = false;

  /** Once for all that happens at the same time. */
  function rearrange(): void {
    if (isDue || waiting.size === 0) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      const held = breaker.hold();
      const arranged = arrangeNow();
      for (const { id } of arranged.starting) waiting.get(id)?.start(held ? 'try' : 'turn');
      places = held ? heldAt(arranged.places, held) : arranged.places;
      tellPlaces();
    });
  }

  function tellPlaces(): void {
    for (const [id, place] of places) {
      const entry = waiting.get(id);
      if (entry) news.set(id, place, entry);
    }
  }

  function arrangeNow(): Arranged {
    const turns = [...waiting.values()].map(({ turn }) => turn);
    const tally = { requestsOf: (key: string) => requests.get(key) ?? 0, tasks };
    const arranged = arrange(turns, tally, tasksMax);
    // Only those are asked about whom nothing else holds: a try is for one that makes it.
    const stopped = arranged.starting.findIndex(() => !breaker.mayBegin());
    return stopped === -1 ? arranged : arrange(turns, tally, tasksMax, stopped);
  }

  function leaveLine(id: string): void {
    waiting.delete(id);
    news.forget(id);
  }

  function count(turn: Turn, sign: 1 | -1): void {
    tasks += sign * turn.tasks;
    for (const key of keysOf(turn)) {
      const total = (requests.get(key) ?? 0) + sign;
      if (total === 0) requests.delete(key);
      else requests.set(key, total);
    }
  }

  function goOn(turn: Turn): void {
    stop(turn.id);
    running.set(turn.id, turn);
    count(turn, 1);
  }

  /** A person's turn is over: those who have waited since before that come first. */
  function backInLine(userId: string): void {
    for (const entry of waiting.values()) {
      if (entry.turn.userId === userId) entry.turn = { ...entry.turn, since: now() };
    }
  }

  function left(id: string, tasksLeft: number): void {
    const turn = running.get(id);
    if (!turn || turn.tasks === tasksLeft) return;
    stop(id);
    if (tasksLeft > 0) goOn({ ...turn, tasks: tasksLeft });
    else backInLine(turn.userId);
    rearrange();
  }

  function stop(id: string): void {
    clearTimeout(leaving.get(id));
    leaving.delete(id);
    const turn = running.get(id);
    if (turn) count(turn, -1);
    running.delete(id);
  }

  breaker.onChange(rearrange);

  return {
    goOn,
    wait(turn, { signal, ...listener }) {
      signal.throwIfAborted();
      stop(turn.id);
      return new Promise((resolve, reject) => {
        const giveUp = () => {
          leaveLine(turn.id);
          rearrange();
          reject(signal.reason);
        };
        signal.addEventListener('abort', giveUp, { once: true });
        const start = (how: 'turn' | 'try') => {
          signal.removeEventListener('abort', giveUp);
          leaveLine(turn.id);
          goOn(turn);
          resolve(how);
        };
        waiting.set(turn.id, { ...listener, turn, start });
        rearrange();
      });
    },
    left,
    leave(id, busyUntil) {
      const leftMs = busyUntil - now();
      if (leftMs <= 0) left(id, 0);
      else leaving.set(id, setTimeout(left, leftMs, id, 0).unref());
    },
    placeOf: (id) => (waiting.has(id) ? (places.get(id) ?? null) : null),
  };
}

function heldAt(places: ReadonlyMap<string, Place>, held: Hold): ReadonlyMap<string, Place> {
  return new Map([...places].map(([id, place]) => [id, { ...place, held }]));
}
