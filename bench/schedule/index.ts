import { checksOf, nextCheckAt } from '../../src/services/polling/checks.ts';
import { distributionOf } from '../../src/services/polling/distribution.ts';
import type { Density } from '../../src/services/polling/duration-models.ts';
import { publishedOf } from '../../src/services/polling/kinds.ts';
import { CHECK_COST_MS } from '../../src/services/polling/plan.ts';
import { LOGS } from '../../src/services/polling/time-grid.ts';
import { type Figure, type Suite, written } from '../figure.ts';
import { spreadOf } from '../statistics.ts';
import {
  freshSchedule,
  type Outcome,
  replayFixed,
  replayLearning,
  type TracedTask,
  watchOne,
} from './replay.ts';
import { meansOf } from './trace.ts';
import { historyOf, kindsOf, SHAPE_NAMES, type ShapeName } from './workloads.ts';

const RUNS = 5;
const ROUNDS = 120;
const LEARNED_FROM = 20;

/** Nine kinds from 8 s to 235 s, without published durations. */
const MEDIANS = new Map(
  Array.from({ length: 9 }, (_, index) => {
    const median = 8 * (235 / 8) ** (index / 8);
    return [`simulated/${median.toFixed(0)}s`, median] as const;
  }),
);
const PUBLISHED_KINDS = [
  'nano-banana/1k',
  'nano-banana/2k',
  'nano-banana/4k',
  'nano-banana-pro/1k',
  'nano-banana-pro/2k',
  'nano-banana-pro/4k',
  'gpt-image-2/1k/low',
  'gpt-image-2/1k/medium',
  'gpt-image-2/1k/high',
];
const PUBLISHED = new Map(PUBLISHED_KINDS.map((kind) => [kind, (publishedOf(kind)?.medianMs ?? 0) / 1000]));

type Task = TracedTask & { readonly truth: Density };
/** The bot's figure and the baseline's, for each run. */
type Pairs = readonly { readonly ours: number; readonly baseline: number }[];

/** When to ask: simulated in virtual time, the bot's own schedule against fixed intervals and Keller's optimum. */
export const schedule: Suite = {
  name: 'schedule',
  about: `when to ask, in virtual time: ${MEDIANS.size} kinds, ${ROUNDS} tasks of each, counted after ${LEARNED_FROM}, ${RUNS} runs`,
  async run() {
    const figures: Figure[] = [];
    for (const shape of SHAPE_NAMES) figures.push(...(await learnedFigures(shape)));
    return [...figures, ...ignorantFigures(), ...(await defaultFigures())];
  },
};

async function learnedFigures(shape: ShapeName): Promise<Figure[]> {
  const runs = await Promise.all(
    seeds().map(async (seed) => {
      const { tasks, learned } = await learn(shape, MEDIANS, seed);
      const fixed = fixedWithQueries(tasks, learned.queries);
      return { learned, fixed, best: meansOf(tasks.map(watchOptimally)) };
    }),
  );
  const waits = runs.map(({ learned, fixed }) => ({ ours: learned.wait, baseline: fixed.wait }));
  const costs = runs.map(({ learned, best }) => ({ ours: costOf(learned), baseline: costOf(best) }));
  return [
    row(`wait unseen, ${shape}, against a fixed interval with as many queries`, waits, 's', 0.5),
    row(
      `wait + ${CHECK_COST_MS / 1000} s a query, ${shape}, against Keller’s optimum for the true durations`,
      costs,
      's',
      1.1,
    ),
  ];
}

/** First tasks of kinds whose published medians are right. */
function ignorantFigures(): Figure[] {
  const runs = seeds().map((seed) => {
    const tasks = historyOf(kindsOf('steady', PUBLISHED, seed), ROUNDS, seed);
    const knowing = freshSchedule();
    const ours = tasks.map(
      (task) => watchOne(task, (kind, ageMs) => knowing.pauseMs(kind, { ageMs, foretoldMs: null })).outcome,
    );
    return { ours: meansOf(ours), fixed: meansOf(replayFixed(tasks, 5)) };
  });
  const waits = runs.map(({ ours, fixed }) => ({ ours: ours.wait, baseline: fixed.wait }));
  const queries = runs.map(({ ours, fixed }) => ({ ours: ours.queries, baseline: fixed.queries }));
  return [
    row('wait unseen while nothing is known, against every 5 s', waits, 's', 1),
    row('queries a task while nothing is known, against every 5 s', queries, '', 1),
  ];
}

/** The kinds with published durations in equal parts, with the bot's default settings. */
async function defaultFigures(): Promise<Figure[]> {
  const runs = await Promise.all(
    seeds().map(async (seed) => {
      const { tasks, learned } = await learn('steady', PUBLISHED, seed);
      return {
        learned,
        sameQueries: fixedWithQueries(tasks, learned.queries),
        sameWait: fixedWithWait(tasks, learned.wait),
      };
    }),
  );
  const waits = runs.map(({ learned, sameQueries }) => ({ ours: learned.wait, baseline: sameQueries.wait }));
  const queries = runs.map(({ learned, sameWait }) => ({
    ours: learned.queries,
    baseline: sameWait.queries,
  }));
  return [
    absoluteRow('wait unseen, published kinds mixed; fixed: with as many queries', waits, 's', 1.5),
    absoluteRow('queries a task, published kinds mixed; fixed: with as much waiting', queries, '', 11),
  ];
}

async function learn(shape: ShapeName, medians: ReadonlyMap<string, number>, seed: number) {
  const tasks = historyOf(kindsOf(shape, medians, seed), ROUNDS, seed);
  const outcomes = await replayLearning(tasks);
  const from = LEARNED_FROM * medians.size;
  return { tasks: tasks.slice(from), learned: meansOf(outcomes.slice(from)) };
}

/** Keller's schedule for the exact distribution of the task, without limits on the interval. */
function watchOptimally(task: Task): Outcome {
  const limits = { pollMinMs: 1e-3, pollMaxMs: 1e9 };
  const checks = checksOf(distributionOf(LOGS.map(task.truth)), CHECK_COST_MS, limits);
  return watchOne(task, (_, ageMs) => Math.min(nextCheckAt(checks, ageMs, limits) - ageMs, 60_000)).outcome;
}

function costOf({ wait, queries }: { wait: number; queries: number }): number {
  return wait + (CHECK_COST_MS / 1000) * queries;
}

function fixedWithQueries(tasks: readonly Task[], queries: number) {
  return bisected(tasks, (fixed) => fixed.queries > queries);
}

function fixedWithWait(tasks: readonly Task[], wait: number) {
  return bisected(tasks, (fixed) => fixed.wait < wait);
}

/** The shortest fixed interval for which `isTooShort` is false, by bisection. */
function bisected(tasks: readonly Task[], isTooShort: (means: ReturnType<typeof meansOf>) => boolean) {
  let [from, to] = [0.2, 120];
  for (let step = 0; step < 20; step += 1) {
    const middle = (from + to) / 2;
    if (isTooShort(meansOf(replayFixed(tasks, middle)))) from = middle;
    else to = middle;
  }
  return meansOf(replayFixed(tasks, to));
}

function seeds(): number[] {
  return Array.from({ length: RUNS }, (_, run) => run + 1);
}

function row(figure: string, pairs: Pairs, unit: string, maxRatio: number): Figure {
  const ratio = spreadOf(pairs.map(({ ours, baseline }) => ours / baseline));
  return { ...cells(figure, pairs, unit), goal: `≤ ${maxRatio.toFixed(2)}`, met: ratio.median <= maxRatio };
}

function absoluteRow(figure: string, pairs: Pairs, unit: string, max: number): Figure {
  const { median } = spreadOf(pairs.map(({ ours }) => ours));
  return { ...cells(figure, pairs, unit), goal: `≤ ${max} ${unit}`.trim(), met: median <= max };
}

function cells(figure: string, pairs: Pairs, unit: string) {
  return {
    figure,
    ours: written(spreadOf(pairs.map(({ ours }) => ours)), unit),
    baseline: written(spreadOf(pairs.map(({ baseline }) => baseline)), unit),
    ratio: written(spreadOf(pairs.map(({ ours, baseline }) => ours / baseline)), ''),
  };
}
