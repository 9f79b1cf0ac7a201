import type { CheckLimits } from './checks.ts';

/** The longest pause while the service can't be reached. */
const TROUBLE_MAX_MS = 60_000;

/** How long to wait after this many failed queries in a row; the service's own `Retry-After` is a floor. */
export function troublePauseMs(
  failures: number,
  retryAfterMs: number | null,
  { pollMinMs }: Pick<CheckLimits, 'pollMinMs'>,
): number {
  const backOff = Math.min(pollMinMs * 2 ** failures, Math.max(TROUBLE_MAX_MS, pollMinMs));
  return Math.max(backOff, retryAfterMs ?? 0);
}
