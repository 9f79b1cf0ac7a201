/** The service keeps a result for 3 days (its reference, "Query Image Task"). */
export const SERVICE_KEEPS_MS = 3 * 24 * 60 * 60_000;

/** So long after the start a clock that was wrong has been put right. */
const CLOCK_TRUSTED_AFTER_MS = 60 * 60_000;

/**
 * Tells whether the service certainly keeps nothing any more of what was sent at a time. A wall clock days ahead must not
 * end for good what is paid for: neither one that is wrong at the start, nor one that is set forward afterwards.
 */
export function createOutlived({
  now,
  elapsed,
}: {
  readonly now: () => number;
  /** Milliseconds since whenever, by a clock that nobody sets. */
  readonly elapsed: () => number;
}): (sentAt: number) => boolean {
  const [wall, begunAt] = [now(), elapsed()];
  return (sentAt) => {
    const upMs = elapsed() - begunAt;
    return upMs >= CLOCK_TRUSTED_AFTER_MS && Math.min(now(), wall + upMs) - sentAt >= SERVICE_KEEPS_MS;
  };
}
