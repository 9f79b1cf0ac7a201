import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { measureAcknowledge } from './acknowledge.ts';
import { chartOf, type Panel } from './chart.ts';
import { measureDeliver } from './deliver.ts';
import { type Figure, type Suite, written } from './figure.ts';
import { compileOnce, measureInFlight } from './in-flight.ts';
import { picture } from './pictures.ts';
import { measureStart } from './start.ts';
import { median, type Spread, spreadOf } from './statistics.ts';

const RUNS = 5;
const SIZES = [10, 100, 1000, 10_000];
/** The goals are checked up to this size; the other suites set them at this size or above. */
const HELD_UP_TO = 1000;
const CHART = new URL('./growth.svg', import.meta.url);
const CHART_TITLE = 'How the figures grow with the number of tasks in flight';
const KB_PER_MB = 1024;
const IMAGE_BYTES = 1_000_000;

/** The results of one run at one size. */
interface Grown {
  readonly deferralMs: number;
  /** Compared with a bare download and upload. */
  readonly deliveryRatio: number;
  readonly memoryMb: number;
  readonly loopMs: number;
  readonly watchedSeconds: number;
}

/** All runs at one size. */
interface Size {
  readonly tasks: number;
  readonly runs: readonly Grown[];
}

/** A curve of the chart, and a line of the table. */
interface Curve {
  readonly title: string;
  readonly unit: string;
  readonly goal: number | null;
  readonly digits: number;
  read(grown: Grown): number;
}

const CURVES: readonly Curve[] = [
  { title: 'Deferral, p99', unit: 'ms', goal: 250, digits: 0, read: ({ deferralMs }) => deferralMs },
  {
    title: 'Delivery of 1 MB',
    unit: '× bare',
    goal: 1.25,
    digits: 2,
    read: ({ deliveryRatio }) => deliveryRatio,
  },
  { title: 'Event loop delay, p99', unit: 'ms', goal: 50, digits: 0, read: ({ loopMs }) => loopMs },
  {
    title: 'From ready to all watched',
    unit: 's',
    goal: 2,
    digits: 2,
    read: ({ watchedSeconds }) => watchedSeconds,
  },
  { title: 'Resident memory', unit: 'MB', goal: null, digits: 0, read: ({ memoryMb }) => memoryMb },
];

export const grow: Suite = {
  name: 'grow',
  about: `${SIZES.join(', ')} tasks in flight, ${RUNS} runs each, drawn into ${fileURLToPath(CHART)}`,
  async run() {
    await compileOnce();
    const sizes: Size[] = [];
    for (const tasks of SIZES) {
      const runs: Grown[] = [];
      while (runs.length < RUNS) {
        runs.push(await measure(tasks));
        console.error(`  ${tasks} tasks, run ${runs.length}: ${JSON.stringify(runs.at(-1))}`);
      }
      sizes.push({ tasks, runs });
    }
    const panels = [...CURVES.map((curve) => panelOf(curve, sizes)), perTaskPanel(sizes)];
    await writeFile(CHART, chartOf(CHART_TITLE, panels));
    return CURVES.map((curve) => figureOf(curve, sizes));
  },
};

async function measure(tasks: number): Promise<Grown> {
  const { p99Ms } = await measureAcknowledge({ tasksInFlight: tasks });
  const { oursMs, bareMs } = await measureDeliver({
    tasksInFlight: tasks,
    image: await picture(IMAGE_BYTES),
  });
  const { residentMb, loopP99Ms } = await measureInFlight({ tasksInFlight: tasks });
  const { watchedSeconds } = await measureStart({ unfinished: tasks });
  return {
    deferralMs: p99Ms,
    deliveryRatio: oursMs / bareMs,
    memoryMb: residentMb,
    loopMs: loopP99Ms,
    watchedSeconds,
  };
}

function spreadAt({ runs }: Size, { read }: Pick<Curve, 'read'>): Spread {
  return spreadOf(runs.map(read));
}

function panelOf(curve: Curve, sizes: readonly Size[]): Panel {
  const points = sizes.map((size) => ({ tasks: size.tasks, ...spreadAt(size, curve) }));
  return { title: curve.title, unit: curve.unit, goal: curve.goal, points };
}

/** The memory beyond that of the smallest size, which is little more than the process itself. */
function perTaskPanel([smallest, ...larger]: readonly Size[]): Panel {
  const base = median(smallest?.runs.map(({ memoryMb }) => memoryMb) ?? []);
  const points = larger.map((size) => {
    const read = ({ memoryMb }: Grown) => ((memoryMb - base) / size.tasks) * KB_PER_MB;
    return { tasks: size.tasks, ...spreadAt(size, { read }) };
  });
  return { title: 'Memory for each task', unit: 'KB', goal: null, points };
}

function figureOf(curve: Curve, sizes: readonly Size[]): Figure {
  const { title, unit, goal, digits } = curve;
  const spreads = sizes.map((size) => spreadAt(size, curve));
  const medians = spreads.map((spread) => spread.median);
  const held = sizes.filter(({ tasks }) => tasks <= HELD_UP_TO).map((size) => spreadAt(size, curve).median);
  return {
    figure: `${title}, at ${SIZES.map((size) => size.toLocaleString('en')).join(' · ')}`,
    ours: `${spreads.map((spread) => written(spread, '', digits)).join(' · ')} ${unit}`,
    baseline: 'the first',
    ratio: growthOf(medians, digits),
    goal: goal === null ? 'none' : `≤ ${goal} ${unit} to ${HELD_UP_TO.toLocaleString('en')}`,
    met: goal === null || held.every((value) => value <= goal),
  };
}

/** The growth from the smallest size to the largest; empty when the smallest rounds to zero. */
function growthOf([smallest = 0, ...larger]: readonly number[], digits: number): string {
  if (Number(smallest.toFixed(digits)) === 0) return '';
  return ((larger.at(-1) ?? Number.NaN) / smallest).toFixed(1);
}
