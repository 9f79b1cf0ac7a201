import { type Distribution, distributionOf, quantile } from './distribution.ts';
import { type Density, kernelModel, lateModel, logNormalModel, type Prior } from './duration-models.ts';
import { LOGS } from './time-grid.ts';

/** How many of a kind's newest durations count. */
export const REMEMBERED = 64;

interface Model {
  /** The model's weight before it could prove itself. */
  readonly trust: number;
  fit(logs: readonly number[], prior: Prior | null): Density;
}

const MODELS: readonly Model[] = [
  { trust: 0.5, fit: (logs, prior) => logNormalModel(logs, prior, 0.985) },
  // Suits durations that drift.
  { trust: 0.17, fit: (logs, prior) => logNormalModel(logs, prior, 0.85) },
  // These suit mixtures, or tasks behind a queue. Silverman's smoothing (0.9) fits one peak, and is too much for two.
  { trust: 0.17, fit: kernels(0.9) },
  { trust: 0.17, fit: kernels(0.36) },
];

/** With fewer observations, kernels say nothing and the models aren't scored. */
const SCORED_FROM = 4;
/** A score's weight relative to the one after it: when the service changes, another model may suit it better. */
const SCORE_FORGETTING = 0.98;
/** The share of tasks that are expected to be much later than the models say. */
const LATE = 0.01;

/**
 * How long the next task of a kind will take, from the durations of earlier ones (in milliseconds, oldest first) and
 * the published ones. A model weighs more the better it foretold them.
 */
export function learn(durationsMs: readonly number[], prior: Prior | null): Distribution {
  const logs = durationsMs.slice(-REMEMBERED).map((ms) => Math.log(ms));
  const weights = weightsOf(logs, prior);
  const densities = MODELS.map(({ fit }) => fit(logs, prior));
  const usual = LOGS.map((log) =>
    densities.reduce((sum, density, model) => sum + at(weights, model) * density(log), 0),
  );
  const late = lateModel(Math.log(quantile(distributionOf(usual), 0.5)));
  return distributionOf(
    usual.map((density, index) => (1 - LATE) * density + LATE * late(LOGS[index] as number)),
  );
}

function kernels(smoothing: number): Model['fit'] {
  return (logs, prior) => {
    const base = logNormalModel(logs, prior, 0.985);
    return logs.length < SCORED_FROM ? base : kernelModel(logs, base, { forgetting: 0.98, smoothing });
  };
}

/** Bayesian model averaging: each model is scored by the likelihood it gave each duration, knowing only earlier ones. */
function weightsOf(logs: readonly number[], prior: Prior | null): number[] {
  const scores = MODELS.map(() => 0);
  for (let index = SCORED_FROM; index < logs.length; index += 1) {
    const past = logs.slice(0, index);
    for (const [model, { fit }] of MODELS.entries()) {
      const likelihood = fit(past, prior)(at(logs, index));
      scores[model] = at(scores, model) * SCORE_FORGETTING + Math.log(Math.max(likelihood, Number.MIN_VALUE));
    }
  }
  const best = Math.max(...scores);
  const raw = MODELS.map(({ trust }, model) => trust * Math.exp(at(scores, model) - best));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => weight / total);
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}
