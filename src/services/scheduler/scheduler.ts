import type { Ledger } from '../ledger/ledger.ts';
import type { Line } from '../ledger/turns.ts';
import type { Logger } from '../log.ts';
import { type Arranged, arrange, type Hold, type Place, type Tally, type WaitingTurn } from './fair-order.ts';
import { createPlaceNews, type Listener } from './place-news.ts';
import { heldAt, standingIn, tallyOf } from './standing.ts';

/**
 * Lets requests begin as the limits allow, in a fair order. The ledger's rows, including those of other processes, decide
 * which; memory only knows whom to wake.
 */
export interface Scheduler {
  /**
   * Resolves when it is this request's turn and its row says so. `probe` means that it is the only one that may begin, to
   * find out whether the account works again. Rejects once `signal` is aborted.
   */
  wait(
    request: { id: string; userId: string },
    listener: Listener & { signal: AbortSignal },
  ): Promise<'turn' | 'probe'>;
  /** To be called when the rows say that a task of this person is over; `isLast` if it was its request's last one. */
  madeRoom(userId: string, isLast: boolean): void;
  /** The places in line of these requests, whichever process they wait in. The answer may contain others, too. */
  placesOf(ids: readonly string[]): Promise<ReadonlyMap<string, Place>>;
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

/** What the rows say of the line at one moment. */
interface Chosen {
  /** Those whose rows say that they have begun. */
  readonly begun: ReadonlySet<string>;
  readonly starting: readonly string[];
  readonly how: 'turn' | 'probe';
  readonly places: ReadonlyMap<string, Place>;
  readonly busyUntil: readonly number[];
}

/** Arranging the line takes no more than this share of the time, however many requests come and go. */
const BUSY_SHARE = 0.1;
/** The pause before the line is read again after a failure. */
const RETRY_AFTER_MS = 2000;

/** Another process' word may get lost, and the wall clock may be set: whoever waits is looked at again this often. */
const LOOK_AGAIN_AFTER_MS = 10_000;

export function createScheduler(options: {
  ledger: Pick<Ledger, 'turns' | 'wakeUps'>;
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
    let chosen = null as Chosen | null;
    try {
      await ledger.turns.decide((line) => {
        chosen = choose(line, known);
        restUntil = elapsed() + (elapsed() - begunAt) / BUSY_SHARE;
        return chosen.starting;
      });
    } catch (err) {
      // Where other processes decide too, only the rows tell who has begun.
      if (chosen === null || !ledger.turns.decidesAlone) throw err;
      // Nothing is sent before it is on disk. A request that begins waits for the disk then, and its reply says so.
      log.error(
        { err, ids: chosen.starting },
        'the start could not be written; after a restart these requests would wait once more',
      );
    }
    if (chosen) tellAll(chosen);
  }

  /** Of those that begin now, each process writes down and wakes its own; the others keep their place ahead until then. */
  function choose(line: Line, known: ReadonlySet<string>): Chosen {
    const standing = standingIn(line, known);
    const held = breaker.hold();
    const arranged = behindBreaker(standing, tallyOf(line.running), known);
    const starting = arranged.starting.map(({ id }) => id).filter((id) => known.has(id));
    return {
      begun: known.difference(new Set(standing.map(({ id }) => id))),
      starting,
      how: held ? 'probe' : 'turn',
      places: heldAt(arranged.places, held),
      busyUntil: line.running.flatMap(({ busyUntil }) => busyUntil ?? []),
    };
  }

  function behindBreaker(
    waiting: readonly WaitingTurn[],
    running: Tally,
    known: ReadonlySet<string>,
  ): Arranged {
    const arranged = arrange(waiting, running, tasksMax);
    // The breaker is asked only about requests that nothing else blocks, so that no probe is wasted.
    const stopped = arranged.starting.findIndex(({ id }) => known.has(id) && !breaker.mayBegin());
    return stopped === -1 ? arranged : arrange(waiting, running, tasksMax, stopped);
  }

  function tellAll(chosen: Chosen): void {
    places = chosen.places;
    for (const id of chosen.begun) entries.get(id)?.start('turn');
    for (const id of chosen.starting) entries.get(id)?.start(chosen.how);
    for (const [id, place] of places) {
      const entry = entries.get(id);
      if (entry) news.set(id, place, entry);
    }
    wakeAt(Math.min(now() + LOOK_AGAIN_AFTER_MS, ...chosen.busyUntil));
  }

  function wakeAt(time: number): void {
    clearTimeout(wakeUp);
    wakeUp = setTimeout(wake, Math.min(Math.max(0, time - now()), LOOK_AGAIN_AFTER_MS)).unref();
  }

  function leaveLine(id: string): void {
    entries.delete(id);
    news.forget(id);
  }

  /** Moves the person's other waiting requests behind those of people who have waited meanwhile. */
  function haveRoom(userId: string | null): void {
    const waits = userId !== null && entries.values().some((entry) => entry.userId === userId);
    const written = waits ? ledger.turns.over(userId) : Promise.resolve();
    written
      .catch((err: unknown) => log.error({ err }, 'the end of a turn could not be written'))
      .finally(wake);
  }

  breaker.onChange(wake);
  ledger.wakeUps.onTold((wakeUp) => {
    if (wakeUp.kind === 'room') haveRoom(wakeUp.userId);
  });

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
    madeRoom: (userId, isLast) => ledger.wakeUps.tell({ kind: 'room', userId: isLast ? userId : null }),
    async placesOf(ids) {
      if (ids.every((id) => entries.has(id))) return places;
      const line = await ledger.turns.read();
      const known = new Set(entries.keys());
      const arranged = arrange(standingIn(line, known), tallyOf(line.running), tasksMax, 0);
      return heldAt(arranged.places, breaker.hold());
    },
  };
}
