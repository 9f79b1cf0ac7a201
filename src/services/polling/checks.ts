import { type Distribution, hazardOf } from './distribution.ts';
import { at, TIMES, timeOf, valueAt } from './time-grid.ts';

export interface CheckLimits {
  readonly pollMinMs: number;
  readonly pollMaxMs: number;
}

/**
 * The number of checks due by each time of the grid, when one check costs as much as a finished image that waits
 * `checkCostMs` unseen. The optimal rate of checks is √(hazard ÷ 2 cost): Keller, “Optimum checking schedules for
 * systems subject to random failure”, Management Science 21 (1974).
 */
export function checksOf(
  distribution: Distribution,
  checkCostMs: number,
  { pollMinMs, pollMaxMs }: CheckLimits,
): Float64Array {
  const rates = hazardOf(distribution).map((hazard) =>
    Math.min(1 / pollMinMs, Math.max(1 / pollMaxMs, Math.sqrt(hazard / (2 * checkCostMs)))),
  );
  const checks = new Float64Array(rates.length);
  checks[0] = at(rates, 0) * at(TIMES, 0);
  for (let index = 1; index < rates.length; index += 1) {
    const rate = (at(rates, index) + at(rates, index - 1)) / 2;
    checks[index] = at(checks, index - 1) + rate * (at(TIMES, index) - at(TIMES, index - 1));
  }
  return checks;
}

/** The age at which to ask about such a task next, in milliseconds; one query stands for `checksPerQuery` due checks. */
export function nextCheckAt(
  checks: Float64Array,
  ageMs: number,
  { pollMinMs, pollMaxMs }: CheckLimits,
  checksPerQuery = 1,
): number {
  const due = timeOf(checks, valueAt(checks, ageMs) + checksPerQuery);
  return Math.min(Math.max(due, ageMs + pollMinMs), ageMs + pollMaxMs);
}
