import type { Spread } from './statistics.ts';

/** One line of the table. */
export interface Figure {
  readonly figure: string;
  /** The median and the spread over all runs, with its unit. */
  readonly ours: string;
  /** The baseline, measured in the same runs. */
  readonly baseline: string;
  readonly ratio: string;
  readonly goal: string;
  readonly met: boolean;
}

/** A suite of measurements. Progress goes to stderr, since stdout is for the results. */
export interface Suite {
  readonly name: string;
  readonly about: string;
  run(): Promise<readonly Figure[]>;
}

/** `1.21 s (1.18–1.30)`: the median and the spread, as in every cell of the table. */
export function written({ median, min, max }: Spread, unit: string, digits = 2): string {
  const [middle, from, to] = [median, min, max].map((value) => value.toFixed(digits));
  return `${middle}${unit && ` ${unit}`} (${from}–${to})`;
}
