import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentFor } from '../sandbox/bot.ts';
import { type Discord, startDiscord } from '../sandbox/discord/index.ts';
import { until } from './bot.ts';
import { type Figure, type Suite, written } from './figure.ts';
import { startClient } from './processes.ts';
import { type Service, startService } from './service.ts';
import { spreadOf } from './statistics.ts';
import { leaveTasksInFlight } from './tasks-in-flight.ts';

const RUNS = 5;
const UNFINISHED = 1000;
/** Times a bare client's start. */
const GOAL_RATIO = 1.5;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** How long a start took, in seconds. */
export interface Started {
  /** From `npm start` until the gateway is ready and the commands are registered. */
  readonly readySeconds: number;
  /** From then until every unfinished task has been queried; 0 when they were before. */
  readonly watchedSeconds: number;
}

export const start: Suite = {
  name: 'start',
  about: `npm start, ready and registered, and ${UNFINISHED} unfinished tasks watched again, ${RUNS} runs; baseline: a bare discord.js client that logs in and registers`,
  async run() {
    // Fills Node.js's compile cache, because an installation has only one first start.
    await measureStart({ unfinished: 0 });
    const ours: Started[] = [];
    const bare: number[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      bare.push(await measureBareStart());
      const { readySeconds } = await measureStart({ unfinished: 0 });
      const { watchedSeconds } = await measureStart({ unfinished: UNFINISHED });
      ours.push({ readySeconds, watchedSeconds });
      console.error(`  run ${run}: ${JSON.stringify({ ...ours.at(-1), bareSeconds: bare.at(-1) })}`);
    }
    return [readyFigure(ours, bare), watchedFigure(ours, bare)];
  },
};

/** One `npm start` on a ledger that holds this many unfinished tasks. */
export async function measureStart({ unfinished }: { unfinished: number }): Promise<Started> {
  const discord = await startDiscord();
  const service = await startService({ reportOf: () => ({ status: 'processing', progress: 10 }) });
  const folder = mkdtempSync(join(tmpdir(), 'imagine-bench-'));
  const databasePath = join(folder, 'imagine.sqlite');
  const left = unfinished > 0 ? await leaveTasksInFlight(discord, databasePath, unfinished) : [];
  const begunAt = performance.now();
  const npm = npmStart(discord, service, databasePath);
  try {
    await isReady(npm);
    const readyAt = performance.now();
    await until(() => left.every((id) => service.asked.has(id)), 5);
    return { readySeconds: (readyAt - begunAt) / 1000, watchedSeconds: (performance.now() - readyAt) / 1000 };
  } finally {
    await endGroup(npm);
    await Promise.all([discord.close(), service.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureBareStart(): Promise<number> {
  const discord = await startDiscord();
  const begunAt = performance.now();
  const client = await startClient('./bare-start.js', discord);
  const seconds = (performance.now() - begunAt) / 1000;
  client.kill('SIGKILL');
  await discord.close();
  return seconds;
}

/** Runs in its own process group, so that npm, its shell and the bot end together. */
function npmStart(discord: Discord, service: Service, databasePath: string): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  return spawn('npm', ['start'], {
    cwd: ROOT,
    detached: true,
    env: { PATH, HOME, ...environmentFor(discord, service, databasePath) },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function isReady(npm: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    npm.stdout?.on('data', (lines: Buffer) => {
      if (lines.includes('is ready with')) resolve();
    });
    npm.once('close', () => reject(new Error('the bot has ended before it was ready')));
  });
}

async function endGroup(npm: ChildProcess): Promise<void> {
  if (npm.pid === undefined || npm.exitCode !== null || npm.signalCode !== null) return;
  const closed = once(npm, 'close');
  process.kill(-npm.pid, 'SIGTERM');
  await closed;
}

function readyFigure(ours: readonly Started[], bare: readonly number[]): Figure {
  const ready = spreadOf(ours.map(({ readySeconds }) => readySeconds));
  const ratio = spreadOf(ours.map(({ readySeconds }, run) => readySeconds / (bare[run] ?? Number.NaN)));
  return {
    figure: 'From npm start to ready and registered',
    ours: written(ready, 's'),
    baseline: written(spreadOf(bare), 's'),
    ratio: written(ratio, ''),
    goal: `≤ ${GOAL_RATIO}`,
    met: ratio.median <= GOAL_RATIO,
  };
}

function watchedFigure(ours: readonly Started[], bare: readonly number[]): Figure {
  const watched = spreadOf(ours.map(({ watchedSeconds }) => watchedSeconds));
  const ratio = spreadOf(ours.map((run, index) => run.watchedSeconds / (bare[index] ?? Number.NaN)));
  return {
    figure: `From then to ${UNFINISHED} tasks watched again`,
    ours: written(watched, 's'),
    baseline: written(spreadOf(bare), 's'),
    ratio: written(ratio, ''),
    goal: `≤ ${GOAL_RATIO}`,
    met: ratio.median <= GOAL_RATIO,
  };
}
