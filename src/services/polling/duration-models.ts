/** A density of the logarithm of a duration in milliseconds. */
export type Density = (log: number) => number;

/** What is believed of a kind's tasks before one of them was seen. */
export interface Prior {
  readonly medianMs: number;
}

/** How much the prior counts against observations: its median as one of them, its spread as three. */
const PRIOR = { median: 1, spread: 3, sigma: 0.4 };
/** Without a published median the observations stand alone: this only keeps sums finite. */
const NO_MEDIAN = 1e-6;

/**
 * Log-normal durations of unknown median and spread: the posterior predictive of a normal sample under its conjugate
 * prior, a Student's t distribution (Gelman et al., Bayesian Data Analysis, 3.3). `forgetting` is what an observation
 * weighs relative to the one after it.
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

/** Narrower kernels would promise more than the service's clock, which counts in seconds, can keep. */
const MIN_WIDTH = 0.03;

/** Durations as they come, of whatever shape: a kernel around each, and as much of `base` as one of them. */
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

/** A task that is late may be very late: from the median on, each doubling of the time halves what is left (Pareto). */
export function lateModel(medianLog: number): Density {
  return (log) => (log < medianLog ? 0 : Math.exp(medianLog - log));
}

/** The deviation of a normal distribution with these quartiles. */
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

/** Stirling's series, once the recurrence has brought the argument to where it is exact to eight digits. */
function logGamma(x: number): number {
  if (x < 8) return logGamma(x + 1) - Math.log(x);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3);
}
