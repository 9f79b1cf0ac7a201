import { type Figure, type Suite, written } from './figure.ts';
import { measureGenerations } from './generations.ts';
import { compileOnce, measureIdleClient, measureInFlight, type Upkeep } from './in-flight.ts';
import { picture } from './pictures.ts';
import { measureRush, type Rush } from './rush.ts';
import { type Spread, spreadOf } from './statistics.ts';

const RUNS = 5;
const TASKS_IN_FLIGHT = 5000;
const IDLE_FACTOR = 1.5;
const IDLE_EXTRA_MB = 60;
const LOOP_GOAL_MS = 50;

const GENERATIONS = 20_000;
const WINDOW = 2000;
/** The system gives and takes memory in steps, so less than this isn't growth. */
const FLAT_RATIO = 1.05;

const RUSH = 200;
/** Roughly the largest image that is uploaded unchanged. */
const LARGE_BYTES = 9_200_000;
const RUSH_GOAL = 0.25;

export const hold: Suite = {
  name: 'hold',
  about: `${TASKS_IN_FLIGHT} tasks in flight, and ${RUSH} large images at once, ${RUNS} runs each; ${GENERATIONS} generations, in windows of ${WINDOW}. The bot is a process of its own; both sandboxes share the bench's`,
  async run() {
    await compileOnce();
    const inFlight = await repeat('in flight', async () => ({
      idle: await measureIdleClient(),
      ours: await measureInFlight({ tasksInFlight: TASKS_IN_FLIGHT }),
    }));
    const image = await picture(LARGE_BYTES);
    const rushes = await repeat('rush', () => measureRush(RUSH, image));
    const windows = await measureGenerations({ generations: GENERATIONS, window: WINDOW });
    return [memoryFigure(inFlight), loopFigure(inFlight), rushFigure(rushes), flatFigure(windows)];
  },
};

/** One run, compared with a bare client. */
interface InFlight {
  readonly ours: Upkeep;
  readonly idle: Upkeep;
}

async function repeat<T>(what: string, measure: () => Promise<T>): Promise<T[]> {
  const runs: T[] = [];
  while (runs.length < RUNS) {
    runs.push(await measure());
    console.error(`  ${what}, run ${runs.length}: ${JSON.stringify(runs.at(-1))}`);
  }
  return runs;
}

/**
 * The goal depends on the idle client of the same run, so the memory above a multiple of the idle client's is compared.
 */
function memoryFigure(runs: readonly InFlight[]): Figure {
  const over = spreadOf(runs.map(({ ours, idle }) => ours.residentMb - IDLE_FACTOR * idle.residentMb));
  return {
    figure: `Memory, ${TASKS_IN_FLIGHT} tasks in flight`,
    ...compared(runs, ({ residentMb }) => residentMb, { unit: 'MB', digits: 2 }),
    goal: `≤ ${IDLE_FACTOR} × baseline + ${IDLE_EXTRA_MB} MB`,
    met: over.median <= IDLE_EXTRA_MB,
  };
}

function loopFigure(runs: readonly InFlight[]): Figure {
  return {
    figure: `Event loop delay p99, ${TASKS_IN_FLIGHT} tasks in flight`,
    ...compared(runs, ({ loopP99Ms }) => loopP99Ms, { unit: 'ms', digits: 1 }),
    goal: `< ${LOOP_GOAL_MS} ms`,
    met: spreadOf(runs.map(({ ours }) => ours.loopP99Ms)).median < LOOP_GOAL_MS,
  };
}

function compared(
  runs: readonly InFlight[],
  read: (upkeep: Upkeep) => number,
  { unit, digits }: { unit: string; digits: number },
): Pick<Figure, 'ours' | 'baseline' | 'ratio'> {
  return {
    ours: written(spreadOf(runs.map(({ ours }) => read(ours))), unit, 0),
    baseline: written(spreadOf(runs.map(({ idle }) => read(idle))), unit, 0),
    ratio: written(spreadOf(runs.map(({ ours, idle }) => read(ours) / read(idle))), '', digits),
  };
}

function rushFigure(runs: readonly Rush[]): Figure {
  const ratios = spreadOf(runs.map(({ peakMb, imagesMb }) => peakMb / imagesMb));
  return {
    figure: `Memory on top, ${RUSH} images at once; baseline: all their bytes`,
    ours: written(spreadOf(runs.map(({ peakMb }) => peakMb)), 'MB', 0),
    baseline: written(spreadOf(runs.map(({ imagesMb }) => imagesMb)), 'MB', 0),
    ratio: written(ratios, ''),
    goal: `≤ ${RUSH_GOAL}`,
    met: ratios.median <= RUSH_GOAL,
  };
}

/** The first window includes the warm-up of the process, so the others are compared with the second. */
function flatFigure([, second = Number.NaN, ...later]: readonly number[]): Figure {
  const ratios: Spread = spreadOf(later.map((mb) => mb / second));
  const last = (later.at(-1) ?? Number.NaN) / second;
  return {
    figure: `Memory over ${GENERATIONS} generations; baseline: from ${WINDOW} to ${2 * WINDOW}`,
    ours: written(spreadOf(later), 'MB', 0),
    baseline: `${second.toFixed(0)} MB`,
    ratio: written(ratios, ''),
    goal: `≤ ${FLAT_RATIO} to the last`,
    met: last <= FLAT_RATIO && ratios.median <= FLAT_RATIO,
  };
}
