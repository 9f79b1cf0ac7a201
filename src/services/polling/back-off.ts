import type { CheckLimits } from './checks.ts';

/** The longest pause while the service can't be reached. */
const BACK_OFF_MAX_MS = 60_000;

/** The pause after this many failed queries in a row; the service's own `Retry-After` is a floor. */
export function backOffMs(
  failures: number,
  retryAfterMs: number | null,
  { pollMinMs }: Pick<CheckLimits, 'pollMinMs'>,
): number {
  const exponential = Math.min(pollMinMs * 2 ** failures, Math.max(BACK_OFF_MAX_MS, pollMinMs));
  return Math.max(exponential, retryAfterMs ?? 0);
}
