import { setTimeout as delay } from 'node:timers/promises';
import { LeaseLostError, RENEW_EVERY_MS } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../log.ts';
import type { Serving } from './serving.ts';

/** Renews the leases of what this process serves, and takes over what nobody serves. */
export interface LeaseKeeper {
  /** Begins with both. Resolves with how many generations were taken over at once. */
  start(): Promise<number>;
  /** Resolves once nothing more is taken over. */
  stop(): Promise<void>;
}

export interface LeaseKeeperDeps {
  readonly ledger: Pick<Ledger, 'leases' | 'wakeUps'>;
  /** What this process serves. */
  readonly serving: ReadonlyMap<string, Serving>;
  /** Serves these, whose leases last until `heldUntil` on the monotonic clock. */
  readonly take: (ids: readonly string[], heldUntil: number) => void;
  readonly elapsed: () => number;
  readonly log: Logger;
}

/** Processes that were started together don't all look at the same time: some pauses are shorter, by up to this factor. */
export const SHORTEST_PAUSE = 0.75;
/** A round that a wake-up brings early doesn't renew again; every other one does. */
const RENEWED_FOR_MS = RENEW_EVERY_MS * SHORTEST_PAUSE;
/** Others that look at the same time get their share. */
const CLAIMED_AT_ONCE = 100;

export function createLeaseKeeper({ ledger, serving, take, elapsed, log }: LeaseKeeperDeps): LeaseKeeper {
  const { leases, wakeUps } = ledger;
  const stopping = new AbortController();
  let done: Promise<unknown> = Promise.resolve();
  let woken = Promise.withResolvers<void>();
  let renewAt = elapsed() + RENEWED_FOR_MS;
  let heldBesides: ReadonlySet<string> = new Set();

  async function renew(): Promise<void> {
    const all = [...serving.values()];
    // Counted from before the question: the ledger's own count begins later.
    const askedAt = elapsed();
    renewAt = askedAt + RENEWED_FOR_MS;
    const { lost, cancelled, besides } = await leases.renew(all.map(({ id }) => id));
    const [areLost, areCancelled] = [new Set(lost), new Set(cancelled)];
    for (const served of all) {
      if (areLost.has(served.id)) served.lose(new LeaseLostError(served.id));
      else served.heldUntil = askedAt + leases.lengthMs;
      // The wake-up may have got lost.
      if (areCancelled.has(served.id)) served.cancel();
    }
    await giveUpBesides(besides);
  }

  /**
   * Lets anybody serve what this process holds and doesn't serve: its own clock ended the lease before the database's, or
   * the answer to a reservation got lost. Two rounds have to find it, since a new one is tracked a moment after it is held.
   */
  async function giveUpBesides(besides: readonly string[]): Promise<void> {
    const orphans = besides.filter((id) => heldBesides.has(id) && !serving.has(id));
    heldBesides = new Set(besides);
    if (orphans.length === 0) return;
    log.warn({ generations: orphans.length }, 'generations that were held and not served are given up');
    await leases.release(orphans);
  }

  async function claim(): Promise<number> {
    const heldUntil = elapsed() + leases.lengthMs;
    const ids = await leases.claim(CLAIMED_AT_ONCE);
    if (ids.length > 0)
      log.info({ generations: ids.length }, 'generations that nobody served are taken over');
    take(ids, heldUntil);
    return ids.length;
  }

  /** Returns how many generations were taken over. */
  async function round(): Promise<number> {
    try {
      if (elapsed() >= renewAt) await renew();
      return await claim();
    } catch (err) {
      log.warn({ err }, 'the leases could not be kept; the next round tries again');
      for (const served of serving.values()) served.loseIfOver();
      return 0;
    }
  }

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      const pauseMs = RENEW_EVERY_MS * (SHORTEST_PAUSE + Math.random() * (1 - SHORTEST_PAUSE));
      const paused = delay(pauseMs, undefined, { signal: stopping.signal, ref: false });
      await Promise.race([paused.catch(() => undefined), woken.promise]);
      woken = Promise.withResolvers();
      while (!stopping.signal.aborted && (await round()) === CLAIMED_AT_ONCE);
    }
  }

  wakeUps.onTold(({ kind }) => {
    if (kind === 'unserved') woken.resolve();
  });

  return {
    async start() {
      let all = 0;
      const first = async () => {
        for (let some = CLAIMED_AT_ONCE; some === CLAIMED_AT_ONCE && !stopping.signal.aborted; all += some)
          some = await round();
      };
      const begun = first();
      done = begun.then(rounds);
      await begun;
      return all;
    },
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
