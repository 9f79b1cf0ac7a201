import { type Distribution, distributionOf } from './distribution.ts';
import { LOGS } from './time-grid.ts';

/** How far a task was when the service last said so. */
export interface Progress {
  /** 0–100 */
  readonly percent: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a kind's earlier tasks took, and what their first progress report had made of it, in milliseconds. */
export interface Observation {
  readonly tookMs: number;
  readonly foretoldMs: number | null;
}

/** How far a service's progress can be believed: by how much, in logarithms, tasks took longer than it foretold. */
export interface Trust {
  readonly bias: number;
  readonly spread: number;
}

/** At its ends a progress bar says little: some begin at 5 % at once, many wait at 99 %. */
const TELLING_PERCENT = { from: 10, to: 90 };
const JUDGED_FROM = 8;
/** Progress that isn't clearly better than the durations by themselves isn't used. */
const BETTER_BY = 0.7;
const MIN_SPREAD = 0.05;
/** The share of tasks whose progress is worth nothing, though most of their kind's is. */
const ODD_ONES = 0.05;
/** The density of what can be anywhere: from a tenth to ten times as long. */
const ANYWHERE = 1 / Math.log(100);

/** How long the task takes in all if it goes on at this pace; null where the report says too little. */
export function foretell(percent: number, ageMs: number): number | null {
  const isTelling = percent >= TELLING_PERCENT.from && percent <= TELLING_PERCENT.to && ageMs > 0;
  return isTelling ? ageMs / (percent / 100) : null;
}

/** Null where a kind's progress has not proved informative. */
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

/** What is known of a task's duration once its progress foretells this (Bayes' rule). */
export function given(distribution: Distribution, foretoldMs: number, { bias, spread }: Trust): Distribution {
  const centre = Math.log(foretoldMs) + bias;
  const height = (1 - ODD_ONES) / (spread * Math.sqrt(2 * Math.PI));
  const likelihood = (log: number) =>
    ODD_ONES * ANYWHERE + height * Math.exp(-0.5 * ((log - centre) / spread) ** 2);
  return distributionOf(
    distribution.density.map((density, index) => density * likelihood(LOGS[index] as number)),
  );
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
