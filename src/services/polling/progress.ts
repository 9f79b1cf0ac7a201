import { type Distribution, distributionOf } from './distribution.ts';
import { LOGS } from './time-grid.ts';

/** A task's latest progress report. */
export interface Progress {
  /** 0–100 */
  readonly percent: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How long a task took, and the duration that its first informative progress report foretold, in milliseconds. */
export interface Observation {
  readonly tookMs: number;
  readonly foretoldMs: number | null;
}

/** How far progress reports can be trusted: how much longer tasks took than foretold, in logarithms. */
export interface Trust {
  readonly bias: number;
  readonly spread: number;
}

/** A progress bar says little at its ends: some jump to 5 % at once, many wait at 99 %. */
const INFORMATIVE_PERCENT = { from: 10, to: 90 };
const JUDGED_FROM = 8;
/** Progress is used only if its spread is below this share of the durations' own. */
const BETTER_BY = 0.7;
const MIN_SPREAD = 0.05;
/** The share of tasks whose progress is worthless, though most of their kind's isn't. */
const OUTLIERS = 0.05;
/** The density of an outlier: uniform from a tenth of the foretold duration to ten times as long. */
const OUTLIER_DENSITY = 1 / Math.log(100);

/** The task's whole duration in milliseconds if it keeps this pace; null when the report says too little. */
export function foretell(percent: number, ageMs: number): number | null {
  const isInformative = percent >= INFORMATIVE_PERCENT.from && percent <= INFORMATIVE_PERCENT.to && ageMs > 0;
  return isInformative ? ageMs / (percent / 100) : null;
}

/** Null when a kind's progress has not proved informative. */
export function trustIn(observations: readonly Observation[]): Trust | null {
  const judged = observations.flatMap(({ tookMs, foretoldMs }) =>
    foretoldMs ? [{ tookMs, foretoldMs }] : [],
  );
  if (judged.length < JUDGED_FROM) return null;
  const errors = momentsOf(judged.map(({ tookMs, foretoldMs }) => Math.log(tookMs / foretoldMs)));
  const durations = momentsOf(judged.map(({ tookMs }) => Math.log(tookMs)));
  const spread = Math.max(errors.deviation, MIN_SPREAD);
  return spread < BETTER_BY * durations.deviation ? { bias: errors.mean, spread } : null;
}

/** Updates a prior distribution by the duration that a task's progress foretells (Bayes' rule). */
export function posterior(prior: Distribution, foretoldMs: number, { bias, spread }: Trust): Distribution {
  const centre = Math.log(foretoldMs) + bias;
  const height = (1 - OUTLIERS) / (spread * Math.sqrt(2 * Math.PI));
  const likelihood = (log: number) =>
    OUTLIERS * OUTLIER_DENSITY + height * Math.exp(-0.5 * ((log - centre) / spread) ** 2);
  return distributionOf(prior.density.map((density, index) => density * likelihood(LOGS[index] as number)));
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
