import { at, STEP, TIMES, timeOf, valueAt } from './time-grid.ts';

/** How likely a task is to take how long: curves over the grid of times. */
export interface Distribution {
  /** Of the logarithm of the duration; its integral is 1. */
  readonly density: Float64Array;
  /** The chance that the task is over by then. */
  readonly over: Float64Array;
  /** The chance that it isn't; kept apart, since 1 − over loses its digits where it matters. */
  readonly left: Float64Array;
}

/** A distribution from a density of any height over the grid. */
export function distributionOf(raw: Float64Array): Distribution {
  const total = raw.reduce((sum, value) => sum + value, 0) * STEP;
  const density = raw.map((value) => value / total);
  const over = new Float64Array(density.length);
  const left = new Float64Array(density.length);
  let sum = 0;
  for (const [index, value] of density.entries()) {
    over[index] = sum + (value * STEP) / 2;
    sum += value * STEP;
  }
  sum = 0;
  for (let index = density.length - 1; index >= 0; index -= 1) {
    left[index] = sum + (at(density, index) * STEP) / 2;
    sum += at(density, index) * STEP;
  }
  return { density, over, left };
}

/** The chance per millisecond that a task ends at each moment, given that it isn't over before. */
export function hazardOf({ density, left }: Distribution): Float64Array {
  return density.map((value, index) => value / at(TIMES, index) / Math.max(at(left, index), 1e-12));
}

/** When such a task of this age will be over with a chance of `share`, as an age in milliseconds. */
export function quantile({ over }: Distribution, share: number, ageMs = 0): number {
  const before = valueAt(over, ageMs);
  return timeOf(over, before + share * (1 - before));
}

export function mean({ density }: Distribution): number {
  return density.reduce((sum, value, index) => sum + value * at(TIMES, index), 0) * STEP;
}
