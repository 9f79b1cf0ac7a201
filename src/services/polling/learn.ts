import { type Distribution, distributionOf, quantile } from './distribution.ts';
import { type Density, kernelModel, lateModel, logNormalModel, type Prior } from './duration-models.ts';
import { LOGS } from './time-grid.ts';

/** How many of a kind's durations count, the newest. */
export const REMEMBERED = 64;

interface Model {
  /** What it counts before it could prove itself. */
  readonly trust: number;
  fit(logs: readonly number[], prior: Prior | null): Density;
}

const MODELS: readonly Model[] = [
  { trust: 0.5, fit: (logs, prior) => logNormalModel(logs, prior, 0.985) },
  // For durations that drift.
  { trust: 0.17, fit: (logs, prior) => logNormalModel(logs, prior, 0.85) },
  // For those of several kinds, or behind a queue; Silverman's smoothing is right for one hill, too much for two.
  { trust: 0.17, fit: kernels(0.9) },
  { trust: 0.17, fit: kernels(0.36) },
];

/** With fewer observations kernels say nothing, and the models are not judged. */
const JUDGED_FROM = 4;
/** What a judgement weighs relative to the one after it: another model may suit what changes. */
const JUDGEMENT_FORGETTING = 0.98;
/** The share of tasks that are expected to be much later than all that is known. */
const LATE = 0.01;

/**
 * How long the next task of a kind will take, from what earlier ones took (in milliseconds, oldest first) and what is
 * published. Each model counts as much as it has foretold them well.
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
    return logs.length < JUDGED_FROM ? base : kernelModel(logs, base, { forgetting: 0.98, smoothing });
  };
}

/** Bayesian model averaging: by how likely each model held what came next, each time it knew only what came before. */
function weightsOf(logs: readonly number[], prior: Prior | null): number[] {
  const scores = MODELS.map(() => 0);
  for (let index = JUDGED_FROM; index < logs.length; index += 1) {
    const past = logs.slice(0, index);
    for (const [model, { fit }] of MODELS.entries()) {
      const likelihood = fit(past, prior)(at(logs, index));
      scores[model] =
        at(scores, model) * JUDGEMENT_FORGETTING + Math.log(Math.max(likelihood, Number.MIN_VALUE));
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
