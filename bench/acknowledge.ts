import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Discord, startDiscord } from '../sandbox/discord/index.ts';
import { startBenchBot } from './bot.ts';
import { burst } from './burst.ts';
import { type Figure, type Suite, written } from './figure.ts';
import { startService } from './service.ts';
import { percentile, spreadOf } from './statistics.ts';
import { registerCommand } from './tasks-in-flight.ts';

const RUNS = 5;
const BURST = 200;
const BURST_MS = 1000;
const TASKS_IN_FLIGHT = 1000;
const GOAL_RATIO = 10;

const BARE_CLIENT = fileURLToPath(new URL('./bare-client.js', import.meta.url));

/** The outcome of one burst. */
export interface Acknowledged {
  /** The 99th percentile of the time from an interaction's dispatch to the arrival of the deferral at Discord. */
  readonly p99Ms: number;
  readonly lost: number;
}

export const acknowledge: Suite = {
  name: 'acknowledge',
  about: `${BURST} interactions in ${BURST_MS / 1000} s with ${TASKS_IN_FLIGHT} tasks in flight, ${RUNS} runs; baseline: a bare discord.js client that only defers`,
  async run() {
    const ours: Acknowledged[] = [];
    const bare: Acknowledged[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      bare.push(await measureBareClient());
      ours.push(await measureAcknowledge({ tasksInFlight: TASKS_IN_FLIGHT }));
      console.error(`  run ${run}: ${JSON.stringify({ ours: ours.at(-1), bare: bare.at(-1) })}`);
    }
    return [deferralFigure(ours, bare), lossFigure(ours, bare)];
  },
};

/** Sends one burst to the real bot while it watches this many tasks. */
export async function measureAcknowledge({
  tasksInFlight,
}: {
  tasksInFlight: number;
}): Promise<Acknowledged> {
  const startedAt = Date.now();
  const service = await startService({
    // Tasks of ten minutes, so that progress and the replies change now and then.
    reportOf: () => ({ status: 'processing', progress: Math.floor((Date.now() - startedAt) / 6000) }),
  });
  try {
    await using on = await startBenchBot({ service, tasksInFlight });
    return await acknowledged(on.discord);
  } finally {
    await service.close();
  }
}

async function measureBareClient(): Promise<Acknowledged> {
  const discord = await startDiscord();
  await registerCommand(discord);
  const client = spawn(process.execPath, [BARE_CLIENT], {
    env: { DISCORD_API_URL: discord.apiUrl, DISCORD_TOKEN: discord.token },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    await once(client, 'message');
    return await acknowledged(discord);
  } finally {
    client.kill('SIGKILL');
    await discord.close();
  }
}

async function acknowledged(discord: Discord): Promise<Acknowledged> {
  const { waitsMs, lost } = await burst(discord, { count: BURST, withinMs: BURST_MS });
  return { p99Ms: percentile(waitsMs, 99), lost };
}

function deferralFigure(ours: readonly Acknowledged[], bare: readonly Acknowledged[]): Figure {
  const p99 = spreadOf(ours.map(({ p99Ms }) => p99Ms));
  const ratios = spreadOf(ours.map(({ p99Ms }, run) => p99Ms / (bare[run]?.p99Ms ?? Number.NaN)));
  return {
    figure: `Deferral p99, ${BURST} in 1 s, ${TASKS_IN_FLIGHT} in flight`,
    ours: written(p99, 'ms', 0),
    baseline: written(spreadOf(bare.map(({ p99Ms }) => p99Ms)), 'ms', 0),
    ratio: written(ratios, '', 1),
    goal: `≤ ${GOAL_RATIO}`,
    met: ratios.median <= GOAL_RATIO,
  };
}

function lossFigure(ours: readonly Acknowledged[], bare: readonly Acknowledged[]): Figure {
  const sum = (runs: readonly Acknowledged[]) => runs.reduce((total, { lost }) => total + lost, 0);
  return {
    figure: `Interactions lost of ${RUNS} × ${BURST}`,
    ours: String(sum(ours)),
    baseline: String(sum(bare)),
    ratio: '',
    goal: '0',
    met: sum(ours) === 0,
  };
}
