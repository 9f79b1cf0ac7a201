import type { Logger } from '../log.ts';

/** The names of a request's way to Discord, from narrow to wide: its route, the kind of route, everything. */
export type Way = readonly string[];

/** Remembers which ways to Discord are closed for a time, because an answer asked the bot to wait. */
export interface ClosedWays {
  /**
   * How long a request has to wait before it may go this way, in milliseconds; 0 when it may go now. Once the time is
   * over, one request tries whether the way is open again, and the others wait for its outcome.
   */
  waitMs(way: Way): number;
  /**
   * Closes the way of this name, and returns for how long, in milliseconds: twice as long as before when the request
   * that tried it again was refused. Logs this once a minute for each `kind`, or when the time grows.
   */
  close(name: string, ms: number, kind: string | null): number;
  /** A request has ended: it got through, or found the way not open. The next one may try. */
  passed(way: Way, isOpen: boolean): void;
}

interface Closed {
  /** On the monotonic clock. */
  until: number;
  /** For how long it was closed, in milliseconds. */
  ms: number;
  /** A request is under way that tries whether it is open again. */
  isTried: boolean;
}

/** The wait while another request tries the way, in milliseconds. */
const LOOK_AGAIN_MS = 1000;
/** Repeated refusals alone close a way for no longer than this; only an answer that asks for it does. */
const GROWS_TO_MS = 60_000;
const SAID_FOR_MS = 60_000;

export function createClosedWays({
  log,
  elapsed,
}: {
  log: Pick<Logger, 'warn'>;
  /** A monotonic clock, in milliseconds: a wall clock set back by an hour would keep a way closed for an hour more. */
  elapsed: () => number;
}): ClosedWays {
  const closed = new Map<string, Closed>();
  const said = new Map<string, { readonly until: number; readonly seconds: number }>();

  function left({ until, isTried }: Closed): number {
    const leftMs = until - elapsed();
    return leftMs <= 0 && isTried ? LOOK_AGAIN_MS : leftMs;
  }

  return {
    waitMs(way) {
      const met = way.flatMap((name) => closed.get(name) ?? []);
      const waitMs = Math.max(0, ...met.map(left));
      if (waitMs === 0) for (const one of met) one.isTried = true;
      return waitMs;
    },
    close(name, askedMs, kind) {
      const before = closed.get(name);
      const grownMs = before?.isTried ? Math.min(2 * before.ms, GROWS_TO_MS) : 0;
      const ms = Math.max(askedMs, grownMs);
      // Interactions have ways of their own, which would pile up.
      for (const [old, { until }] of closed) if (until + FORGOTTEN_AFTER_MS < elapsed()) closed.delete(old);
      closed.set(name, { until: elapsed() + ms, ms, isTried: false });
      if (kind === null) return ms;
      const latest = said.get(kind);
      const seconds = Math.ceil(ms / 1000);
      if (latest && latest.until > elapsed() && latest.seconds >= seconds) return ms;
      said.set(kind, { until: elapsed() + Math.max(ms, SAID_FOR_MS), seconds });
      log.warn({ kind, seconds }, `Discord asks for patience: no such requests for ${seconds} seconds`);
      return ms;
    },
    passed(way, isOpen) {
      for (const name of way) {
        const one = closed.get(name);
        if (!one?.isTried) continue;
        if (isOpen) closed.delete(name);
        else one.isTried = false;
      }
    },
  };
}

const FORGOTTEN_AFTER_MS = 60_000;
