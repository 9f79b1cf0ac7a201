import type { Density } from '../../src/services/polling/duration-models.ts';
import { gaussian, seededRandom } from './random.ts';
import type { TracedTask } from './replay.ts';

/** A kind of tasks with durations drawn from a known distribution. */
export interface TrueKind {
  readonly kind: string;
  /** The duration of the task with this index, in seconds. */
  draw(random: () => number, index: number): number;
  /** The distribution that it was drawn from, as the density of the logarithm of milliseconds. */
  truth(index: number): Density;
}

/** Makes a kind from its median in seconds and its σ. */
type Shape = (median: number, sigma: number) => Omit<TrueKind, 'kind'>;

const SHAPES = {
  steady: (median, sigma) => ({
    draw: (random) => median * Math.exp(sigma * gaussian(random)),
    truth: () => logNormal(median, sigma),
  }),
  drifting: (median, sigma) => {
    const drifted = (index: number) => median * Math.exp(0.5 * Math.sin((2 * Math.PI * index) / 150));
    return {
      draw: (random, index) => drifted(index) * Math.exp(sigma * gaussian(random)),
      truth: (index) => logNormal(drifted(index), sigma),
    };
  },
  bimodal: (median, sigma) => {
    const [quick, slow] = [logNormal(median, sigma / 2), logNormal(3 * median, sigma / 2)];
    return {
      draw: (random) => (random() < 2 / 3 ? median : 3 * median) * Math.exp((sigma / 2) * gaussian(random)),
      truth: () => (log) => (2 / 3) * quick(log) + (1 / 3) * slow(log),
    };
  },
  'behind a queue': (median, sigma) => {
    const queue = { median: 60, sigma: 0.2 };
    return {
      draw: (random) =>
        queue.median * Math.exp(queue.sigma * gaussian(random)) + median * Math.exp(sigma * gaussian(random)),
      truth: () => sumOf(queue, { median, sigma }),
    };
  },
} as const satisfies Record<string, Shape>;

export type ShapeName = keyof typeof SHAPES;
export const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[];

const SIGMAS = { from: 0.25, to: 0.45 };

/** Kinds of this shape, with σ drawn from 0.25 to 0.45. */
export function kindsOf(shape: ShapeName, medians: ReadonlyMap<string, number>, seed: number): TrueKind[] {
  const random = seededRandom(seed);
  return [...medians].map(([kind, median]) => {
    const sigma = SIGMAS.from + (SIGMAS.to - SIGMAS.from) * random();
    return { kind, ...SHAPES[shape](median, sigma) };
  });
}

/** A history in which the kinds take turns, with the distribution of each task's duration. */
export function historyOf(
  kinds: readonly TrueKind[],
  rounds: number,
  seed: number,
): (TracedTask & { truth: Density })[] {
  const random = seededRandom(seed);
  return Array.from({ length: rounds }, (_, index) =>
    kinds.map(({ kind, draw, truth }) => ({ kind, seconds: draw(random, index), truth: truth(index) })),
  ).flat();
}

function logNormal(median: number, sigma: number): Density {
  const centre = Math.log(median * 1000);
  const height = 1 / (sigma * Math.sqrt(2 * Math.PI));
  return (log) => height * Math.exp(-0.5 * ((log - centre) / sigma) ** 2);
}

/** The density of the sum of two log-normal times, computed from quantiles of the first. */
function sumOf(first: { median: number; sigma: number }, second: { median: number; sigma: number }): Density {
  const rest = logNormal(second.median, second.sigma);
  const normals = Array.from({ length: 41 }, (_, index) => -3 + (6 * index) / 40);
  const parts = normals.map((z) => ({
    ms: first.median * 1000 * Math.exp(first.sigma * z),
    weight: Math.exp(-0.5 * z * z),
  }));
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return (log) => {
    const ms = Math.exp(log);
    const densities = parts.map((part) =>
      ms > part.ms ? (part.weight * rest(Math.log(ms - part.ms)) * ms) / (ms - part.ms) : 0,
    );
    return densities.reduce((sum, density) => sum + density, 0) / total;
  };
}
