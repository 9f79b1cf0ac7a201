/** The service keeps a result for 3 days (its reference, "Query Image Task"). */
export const SERVICE_KEEPS_MS = 3 * 24 * 60 * 60_000;

/** After this time a clock that was wrong at the start has been corrected. */
const CLOCK_TRUSTED_AFTER_MS = 60 * 60_000;

/**
 * Tells whether the service has certainly deleted the result of a task sent at a given time. A wall clock that runs
 * days ahead must not give up paid work: neither one that is wrong at the start, nor one that is set forward
 * afterwards.
 */
export function createOutlived({
  now,
  elapsed,
}: {
  readonly now: () => number;
  /** Milliseconds on a monotonic clock. */
  readonly elapsed: () => number;
}): (sentAt: number) => boolean {
  const [wall, begunAt] = [now(), elapsed()];
  return (sentAt) => {
    const upMs = elapsed() - begunAt;
    return upMs >= CLOCK_TRUSTED_AFTER_MS && Math.min(now(), wall + upMs) - sentAt >= SERVICE_KEEPS_MS;
  };
}
