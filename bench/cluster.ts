import { setTimeout as delay } from 'node:timers/promises';
import { createDatabase, startPostgres } from '../test/support/postgres.ts';
import { burst } from './burst.ts';
import { startClusterBots } from './cluster-bots.ts';
import { type Figure, type Suite, written } from './figure.ts';
import { compileOnce } from './in-flight.ts';
import { residentMb } from './processes.ts';
import { startService } from './service.ts';
import { median, percentile, spreadOf } from './statistics.ts';

const RUNS = 3;
const SIZES = [1000, 10_000];
const PROCESSES = [1, 2, 4];
/** As in `acknowledge`. */
const BURST = { count: 200, withinMs: 1000 };
const DEFERRAL_GOAL_MS = 250;
/** All at once, so that the ledger and not the people set the pace. */
const RUSH = { count: 500, withinMs: 0 };
/** Lets the work of the start and of the burst finish. */
const SETTLE_MS = 5000;

/** The results of one run. */
export interface Clustered {
  readonly deferralMs: number;
  /** Of the burst and of the rush: without an answer in time, and told to come again. */
  readonly lost: readonly [burst: number, rush: number];
  readonly refused: readonly [burst: number, rush: number];
  readonly perSecond: number;
  /** Of all processes together. */
  readonly memoryMb: number;
}

/** One way to run the bot, with its results by size and run. */
interface Way {
  readonly name: string;
  readonly processes: number;
  readonly isShared: boolean;
  readonly runs: Map<number, Clustered[]>;
}

interface Line {
  readonly title: string;
  readonly unit: string;
  readonly goal: number | null;
  read(clustered: Clustered): number;
}

const LINES: readonly Line[] = [
  { title: 'Deferral p99', unit: 'ms', goal: DEFERRAL_GOAL_MS, read: ({ deferralMs }) => deferralMs },
  { title: 'Reservations a second', unit: '', goal: null, read: ({ perSecond }) => perSecond },
  { title: 'Memory of all processes', unit: 'MB', goal: null, read: ({ memoryMb }) => memoryMb },
];

export const cluster: Suite = {
  name: 'cluster',
  about: `${PROCESSES.join(', ')} processes on one PostgreSQL, with ${SIZES.join(' and ')} tasks in flight, ${RUNS} runs; baseline: one process on SQLite in the same run`,
  async run() {
    await compileOnce();
    const server = await startPostgres({ durable: true });
    const sqlite: Way = { name: 'SQLite', processes: 1, isShared: false, runs: new Map() };
    const ways = [sqlite, ...PROCESSES.map(onPostgres)];
    try {
      for (const tasksInFlight of SIZES) {
        for (let run = 1; run <= RUNS; run += 1) {
          for (const { name, processes, isShared, runs } of ways) {
            const databaseUrl = isShared ? await createDatabase(server.url) : null;
            const result = await measureCluster({ tasksInFlight, processes, databaseUrl });
            console.error(`  ${tasksInFlight} tasks, ${name}, run ${run}: ${JSON.stringify(result)}`);
            runs.set(tasksInFlight, [...(runs.get(tasksInFlight) ?? []), result]);
          }
        }
      }
    } finally {
      await server.remove();
    }
    return ways.slice(1).flatMap((way) => LINES.map((line) => figureOf(line, way, sqlite)));
  },
};

function onPostgres(processes: number): Way {
  const name = `${processes} process${processes === 1 ? '' : 'es'} on PostgreSQL`;
  return { name, processes, isShared: true, runs: new Map() };
}

/** Sends a burst and a rush to so many processes while they watch this many tasks. */
export async function measureCluster({
  tasksInFlight,
  processes,
  databaseUrl,
}: {
  tasksInFlight: number;
  processes: number;
  databaseUrl: string | null;
}): Promise<Clustered> {
  const startedAt = Date.now();
  const service = await startService({
    // Tasks of ten minutes, so that progress and the replies change now and then.
    reportOf: () => ({ status: 'processing', progress: Math.floor((Date.now() - startedAt) / 6000) }),
  });
  try {
    await using on = await startClusterBots({ service, tasksInFlight, processes, databaseUrl });
    const { discord, bots, channels } = on;
    await delay(SETTLE_MS);
    const few = await burst(discord, { ...BURST, channels });
    await delay(SETTLE_MS);
    const memoryMb = bots.reduce((sum, { process }) => sum + residentMb(process), 0);
    const rush = await burst(discord, { ...RUSH, channels });
    return {
      deferralMs: percentile(few.waitsMs, 99),
      lost: [few.lost, rush.lost],
      refused: [few.refused, rush.refused],
      perSecond: rush.waitsMs.length / rush.seconds,
      memoryMb,
    };
  } finally {
    await service.close();
  }
}

function figureOf({ title, unit, goal, read }: Line, way: Way, sqlite: Way): Figure {
  const at = (of: Way, size: number) => (of.runs.get(size) ?? []).map(read);
  const shown = (of: Way) => SIZES.map((size) => written(spreadOf(at(of, size)), '', 0)).join(' · ');
  const ratios = SIZES.map((size) => {
    const baseline = at(sqlite, size);
    return median(at(way, size).map((value, run) => value / (baseline[run] ?? Number.NaN))).toFixed(2);
  });
  const [smallest = Number.NaN] = SIZES;
  return {
    figure: `${title}, ${way.name}, at ${SIZES.map((size) => size.toLocaleString('en')).join(' · ')}`,
    ours: `${shown(way)} ${unit}`.trim(),
    baseline: `${shown(sqlite)} ${unit}`.trim(),
    ratio: ratios.join(' · '),
    goal: goal === null ? 'none' : `≤ ${goal} ${unit} to ${smallest.toLocaleString('en')}`,
    met: goal === null || median(at(way, smallest)) <= goal,
  };
}
