/** How a shard is kept connected; all in milliseconds. */
export interface GatewayTimes {
  /** Before the first connection, and then before each further one that follows a failure. The last one goes on. */
  readonly pausesMs: readonly number[];
  /** How long the server may leave a connection without a word. */
  readonly helloWithinMs: number;
  /** A session that does not work again within this is given up for a new one. */
  readonly anewAfterMs: number;
  /** Trouble that lasts this long is not overcome by trying on. */
  readonly giveUpAfterMs: number;
  /** What lives this long works. A new session costs one of the day's 1,000, so one that ends soon is no success. */
  readonly settledAfterMs: { readonly identified: number; readonly resumed: number };
}

/** A few quick tries, and then so few that a day's 1,000 session starts suffice, also where each end is a new process. */
export const GATEWAY_TIMES: GatewayTimes = {
  pausesMs: [0, 0, 0, 1_000, 2_000, 5_000, 20_000, 60_000, 180_000, 300_000],
  helloWithinMs: 20_000,
  anewAfterMs: 120_000,
  giveUpAfterMs: 900_000,
  settledAfterMs: { identified: 60_000, resumed: 10_000 },
};

/** What is owed to one shard's connection: pauses that grow, a session to begin anew, an end. Holds no timer. */
export interface Patience {
  /** A session began, or was resumed. */
  works(how: 'identified' | 'resumed'): void;
  /** A connection ended, or never came about. */
  failed(): void;
  /** How long the next connection has to wait. */
  pauseMs(): number;
  /** Whether the old session has been tried for long enough. */
  wantsNewSession(): boolean;
  /** Whether everything has been tried for long enough. */
  isOver(): boolean;
  /** Whether there is trouble that is not over yet. */
  isTroubled(): boolean;
}

export function createPatience(
  times: GatewayTimes,
  { now, random }: { now: () => number; random: () => number },
): Patience {
  let failures = 0;
  let troubledSince: number | null = null;
  let settlesAt: number | null = null;
  const troubledMs = () => (troubledSince === null ? 0 : now() - troubledSince);

  return {
    works(how) {
      settlesAt = now() + times.settledAfterMs[how];
    },
    failed() {
      if (settlesAt !== null && now() >= settlesAt) {
        failures = 0;
        troubledSince = null;
      }
      settlesAt = null;
      failures += 1;
      troubledSince ??= now();
    },
    pauseMs() {
      const { pausesMs } = times;
      const pause = pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 0;
      // Many bots lose their gateway at the same moment.
      return Math.round(pause * (1 + JITTER * random()));
    },
    wantsNewSession: () => troubledMs() >= times.anewAfterMs,
    isOver: () => troubledMs() >= times.giveUpAfterMs,
    isTroubled: () => troubledSince !== null,
  };
}

const JITTER = 0.2;
