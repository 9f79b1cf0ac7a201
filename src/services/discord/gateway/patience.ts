/** The times that keep a shard connected, all in milliseconds. */
export interface GatewayTimes {
  /** The pauses before the first connection, and before each one after a failure. The last pause repeats. */
  readonly pausesMs: readonly number[];
  /** How long the server may take to send the first message of a connection. */
  readonly helloWithinMs: number;
  /** After this time without a working connection, the bot begins a new session. */
  readonly anewAfterMs: number;
  /** After this time without success, the bot gives up. */
  readonly giveUpAfterMs: number;
  /**
   * A connection that lasts this long counts as working. A new session costs one of the day's 1,000, so it must last
   * longer.
   */
  readonly settledAfterMs: { readonly identified: number; readonly resumed: number };
}

/**
 * A few quick tries, then so few that a day's 1,000 session starts suffice, even if a new process follows each time
 * that the bot gives up.
 */
export const GATEWAY_TIMES: GatewayTimes = {
  pausesMs: [0, 0, 0, 1_000, 2_000, 5_000, 20_000, 60_000, 180_000, 300_000],
  helloWithinMs: 20_000,
  anewAfterMs: 120_000,
  giveUpAfterMs: 900_000,
  settledAfterMs: { identified: 60_000, resumed: 10_000 },
};

/** Decides for one shard how long to pause, when to begin a new session, and when to give up. Has no timers. */
export interface Patience {
  /** A session began, or was resumed. */
  works(how: 'identified' | 'resumed'): void;
  /** A connection ended, or was never made. */
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
      // The jitter is needed because many bots lose their gateway at the same moment.
      return Math.round(pause * (1 + JITTER * random()));
    },
    wantsNewSession: () => troubledMs() >= times.anewAfterMs,
    isOver: () => troubledMs() >= times.giveUpAfterMs,
    isTroubled: () => troubledSince !== null,
  };
}

const JITTER = 0.2;
