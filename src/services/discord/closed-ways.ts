import type { Logger } from '../log.ts';

/** One way to Discord, from the narrowest name to the widest: a route, its kind, everything. */
export type Way = readonly string[];

/** Which ways to Discord are closed for a time, because an answer asked for patience. */
export interface ClosedWays {
  /**
   * How long a request has to wait before it may go this way, in milliseconds; 0 where it may go now. Where the time is
   * over, one request finds out whether the way is open again, and the others wait for it.
   */
  waitMs(way: Way): number;
  /**
   * Closes what `name` is for, and returns for how long: for twice as long as before where it has just been tried again.
   * Says so in the log for each `kind` once a minute, or when it is for longer; not at all where there is no kind.
   */
  close(name: string, ms: number, kind: string | null): number;
  /** A request got through, or found nobody there: the next one may go. */
  passed(way: Way, isOpen: boolean): void;
}

interface Closed {
  /** By the clock that nobody sets. */
  until: number;
  /** For how long it was closed. */
  ms: number;
  /** A request is under way that finds out. */
  isTried: boolean;
}

/** While another request finds out, in milliseconds. */
const LOOK_AGAIN_MS = 1000;
/** However often it is closed again, no way is closed for longer than this without being told so. */
const GROWS_TO_MS = 60_000;
const SAID_FOR_MS = 60_000;

export function createClosedWays({
  log,
  elapsed,
}: {
  log: Pick<Logger, 'warn'>;
  /** A clock that nobody sets, in milliseconds: an hour set back would keep a way closed for an hour more. */
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
      // Ways of interactions that are long over.
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
