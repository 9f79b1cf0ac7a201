import { at, STEP, TIMES, timeOf, valueAt } from './time-grid.ts';

/** How long a task is likely to take, as curves over the time grid. */
export interface Distribution {
  /** The density of the duration's logarithm; it integrates to 1. */
  readonly density: Float64Array;
  /** The probability that the task has ended by then. */
  readonly cdf: Float64Array;
  /** The probability that it has not. Stored, because 1 − cdf loses its digits in the tail. */
  readonly survival: Float64Array;
}

/** Normalizes a density over the grid, of any height, and derives the other curves. */
export function distributionOf(raw: Float64Array): Distribution {
  const total = raw.reduce((sum, value) => sum + value, 0) * STEP;
  const density = raw.map((value) => value / total);
  const cdf = new Float64Array(density.length);
  const survival = new Float64Array(density.length);
  let sum = 0;
  for (const [index, value] of density.entries()) {
    cdf[index] = sum + (value * STEP) / 2;
    sum += value * STEP;
  }
  sum = 0;
  for (let index = density.length - 1; index >= 0; index -= 1) {
    survival[index] = sum + (at(density, index) * STEP) / 2;
    sum += at(density, index) * STEP;
  }
  return { density, cdf, survival };
}

/** The hazard rate: the probability per millisecond that a task ends at each time, given that it hasn't ended before. */
export function hazardOf({ density, survival }: Distribution): Float64Array {
  return density.map((value, index) => value / at(TIMES, index) / Math.max(at(survival, index), 1e-12));
}

/** The age in milliseconds by which a task that is `ageMs` old ends with a probability of `share`. */
export function quantile({ cdf }: Distribution, share: number, ageMs = 0): number {
  const before = valueAt(cdf, ageMs);
  return timeOf(cdf, before + share * (1 - before));
}

export function mean({ density }: Distribution): number {
  return density.reduce((sum, value, index) => sum + value * at(TIMES, index), 0) * STEP;
}
