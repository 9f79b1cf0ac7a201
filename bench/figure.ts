import type { Spread } from './statistics.ts';

/** One line of the table. */
export interface Figure {
  readonly figure: string;
  /** The median and the spread over all runs, with its unit. */
  readonly ours: string;
  /** What it is compared with, measured in the same runs. */
  readonly baseline: string;
  readonly ratio: string;
  readonly goal: string;
  readonly met: boolean;
}

/** What one suite measures. Progress goes to stderr: stdout is for what it found. */
export interface Suite {
  readonly name: string;
  readonly about: string;
  run(): Promise<readonly Figure[]>;
}

/** `1.21 s (1.18–1.30)`: median and spread, as every cell of the table says them. */
export function written({ median, min, max }: Spread, unit: string, digits = 2): string {
  const [middle, from, to] = [median, min, max].map((value) => value.toFixed(digits));
  return `${middle}${unit && ` ${unit}`} (${from}–${to})`;
}
