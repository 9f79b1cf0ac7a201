import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { measureAcknowledge } from './acknowledge.ts';
import { chartOf, type Panel } from './chart.ts';
import { measureDeliver } from './deliver.ts';
import type { Figure, Suite } from './figure.ts';
import { compileOnce, measureInFlight } from './in-flight.ts';
import { picture } from './pictures.ts';
import { measureStart } from './start.ts';

const SIZES = [10, 100, 1000, 10_000];
/** The goals that the other suites hold are set at this size, or above. */
const HELD_UP_TO = 1000;
const CHART = new URL('./growth.svg', import.meta.url);
const CHART_TITLE = 'How the figures grow with the number of tasks in flight';
const KB_PER_MB = 1024;
const IMAGE_BYTES = 1_000_000;

interface Grown {
  readonly tasks: number;
  readonly deferralMs: number;
  /** Against a bare download and upload. */
  readonly deliveryRatio: number;
  readonly memoryMb: number;
  readonly loopMs: number;
  readonly watchedSeconds: number;
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
  about: `one run each with ${SIZES.join(', ')} tasks in flight, drawn into ${fileURLToPath(CHART)}`,
  async run() {
    await compileOnce();
    const all: Grown[] = [];
    for (const tasks of SIZES) {
      all.push(await measure(tasks));
      console.error(`  ${JSON.stringify(all.at(-1))}`);
    }
    await writeFile(
      CHART,
      chartOf(CHART_TITLE, [...CURVES.map((curve) => panelOf(curve, all)), perTaskPanel(all)]),
    );
    return CURVES.map((curve) => figureOf(curve, all));
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
    tasks,
    deferralMs: p99Ms,
    deliveryRatio: oursMs / bareMs,
    memoryMb: residentMb,
    loopMs: loopP99Ms,
    watchedSeconds,
  };
}

function panelOf({ title, unit, goal, read }: Curve, all: readonly Grown[]): Panel {
  return { title, unit, goal, points: all.map((grown) => ({ tasks: grown.tasks, value: read(grown) })) };
}

/** Above what the smallest size takes, which is all but the process itself. */
function perTaskPanel([smallest, ...larger]: readonly Grown[]): Panel {
  const points = larger.map(({ tasks, memoryMb }) => ({
    tasks,
    value: ((memoryMb - (smallest?.memoryMb ?? 0)) / tasks) * KB_PER_MB,
  }));
  return { title: 'Memory for each task', unit: 'KB', goal: null, points };
}

function figureOf({ title, unit, goal, digits, read }: Curve, all: readonly Grown[]): Figure {
  const [smallest] = all;
  const largest = all.at(-1);
  const held = all.filter(({ tasks }) => tasks <= HELD_UP_TO);
  const growth = smallest && largest ? read(largest) / read(smallest) : Number.NaN;
  return {
    figure: `${title}, at ${SIZES.map((size) => size.toLocaleString('en')).join(' · ')}`,
    ours: `${all.map((grown) => read(grown).toFixed(digits)).join(' · ')} ${unit}`,
    baseline: 'the first',
    ratio: growth.toFixed(1),
    goal: goal === null ? 'none' : `≤ ${goal} ${unit} to ${HELD_UP_TO.toLocaleString('en')}`,
    met: goal === null || held.every((grown) => read(grown) <= goal),
  };
}
