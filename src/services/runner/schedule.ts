export interface PollLimits {
  readonly pollMinMs: number;
  readonly pollMaxMs: number;
}

/** The share of a task's age that may pass before it is asked about again. */
const SHARE_OF_AGE = 0.1;
/** The longest pause while the service can't be reached. */
const TROUBLE_MAX_MS = 60_000;

/** How long to wait before the next query of a task this old: often at first, then in proportion to its age. */
export function pollDelayMs(ageMs: number, { pollMinMs, pollMaxMs }: PollLimits): number {
  return Math.min(Math.max(ageMs * SHARE_OF_AGE, pollMinMs), pollMaxMs);
}

/** How long to wait after this many failed queries in a row; the service's own `Retry-After` is a floor. */
export function troubleDelayMs(
  failures: number,
  retryAfterMs: number | null,
  { pollMinMs }: PollLimits,
): number {
  const backOff = Math.min(pollMinMs * 2 ** failures, Math.max(TROUBLE_MAX_MS, pollMinMs));
  return Math.max(backOff, retryAfterMs ?? 0);
}
