/** A density of the logarithm of a duration in milliseconds. */
export type Density = (log: number) => number;

/** What is assumed about a kind's tasks before any of them was observed. */
export interface Prior {
  readonly medianMs: number;
}

/** The prior's weight: its median counts as one observation, its spread as three. */
const PRIOR = { median: 1, spread: 3, sigma: 0.4 };
/** The median's weight when none is published: it only keeps sums finite. */
const NO_MEDIAN = 1e-6;

/**
 * Log-normal durations of unknown median and spread: the posterior predictive of a normal sample under its conjugate
 * prior, a Student's t distribution (Gelman et al., Bayesian Data Analysis, 3.3). `forgetting` is an observation's
 * weight relative to the one after it.
 */
export function logNormalModel(logs: readonly number[], prior: Prior | null, forgetting: number): Density {
  const { weight, mean, squares } = momentsOf(logs, forgetting);
  const trust = prior ? PRIOR.median : NO_MEDIAN;
  const expected = prior ? Math.log(prior.medianMs) : mean;
  const total = trust + weight;
  const degrees = PRIOR.spread + weight;
  const centre = (trust * expected + weight * mean) / total;
  const surprise = ((trust * weight) / total) * (mean - expected) ** 2;
  const variance = (PRIOR.spread * PRIOR.sigma ** 2 + squares + surprise) / degrees;
  const scale = Math.sqrt(variance * (1 + 1 / total));
  const height = studentHeight(degrees) / scale;
  return (log) => height * (1 + ((log - centre) / scale) ** 2 / degrees) ** (-(degrees + 1) / 2);
}

/** The service's clock counts in seconds. Narrower kernels would claim more precision than it has. */
const MIN_WIDTH = 0.03;

/** A kernel density estimate, for durations of any shape; `base` weighs as much as one observation. */
export function kernelModel(
  logs: readonly number[],
  base: Density,
  { forgetting, smoothing }: { forgetting: number; smoothing: number },
): Density {
  const { weight, squares } = momentsOf(logs, forgetting);
  const spread = Math.min(Math.sqrt(squares / weight), quartileDeviation(logs) || Number.POSITIVE_INFINITY);
  const width = Math.max(MIN_WIDTH, smoothing * spread * weight ** -0.2);
  const height = 1 / (width * Math.sqrt(2 * Math.PI));
  return (log) => {
    let sum = base(log);
    let share = height;
    for (let index = logs.length - 1; index >= 0; index -= 1) {
      const distance = (log - (logs[index] as number)) / width;
      sum += share * Math.exp(-0.5 * distance * distance);
      share *= forgetting;
    }
    return sum / (weight + 1);
  };
}

/** A late task may be very late: beyond the median, each doubling of the time halves the survival (Pareto). */
export function lateModel(medianLog: number): Density {
  return (log) => (log < medianLog ? 0 : Math.exp(medianLog - log));
}

/** The standard deviation of a normal distribution with these quartiles. */
function quartileDeviation(logs: readonly number[]): number {
  const sorted = logs.toSorted((a, b) => a - b);
  const quartile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number;
  return (quartile(0.75) - quartile(0.25)) / 1.34;
}

function momentsOf(logs: readonly number[], forgetting: number) {
  let weight = 0;
  let mean = 0;
  let squares = 0;
  let share = 1;
  for (let index = logs.length - 1; index >= 0; index -= 1) {
    const log = logs[index] as number;
    const difference = log - mean;
    weight += share;
    mean += (share / weight) * difference;
    squares += share * difference * (log - mean);
    share *= forgetting;
  }
  return { weight, mean, squares };
}

/** Γ((ν+1)/2) / (√(νπ) Γ(ν/2)) */
function studentHeight(degrees: number): number {
  return Math.exp(logGamma((degrees + 1) / 2) - logGamma(degrees / 2)) / Math.sqrt(degrees * Math.PI);
}

/** Stirling's series. The recurrence first raises the argument to 8, where the series is exact to eight digits. */
function logGamma(x: number): number {
  if (x < 8) return logGamma(x + 1) - Math.log(x);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3);
}
