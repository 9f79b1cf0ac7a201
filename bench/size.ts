import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { filesBeside } from '../src/services/ledger/sqlite/files-beside.ts';
import { openLedger } from '../src/services/ledger/sqlite/ledger.ts';
import type { Figure, Suite } from './figure.ts';
import { type Action, actions, createBusyLedger } from './size-actions.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { fillLedger } from './year-of-requests.ts';

const SIZES = [3000, 30_000, 300_000];
const RUNS = 5;
const BLOCK_GOAL_MS = 50;
const PAUSE_MS = 20;
/** Files that no row names; the start checks each of them. */
const GENERATIONS_PER_FILE = 100;

/** The duration of one run of an action, and the longest time for which it blocked everything else. */
interface Run {
  readonly tookMs: number;
  readonly blockMs: number;
  /** The part of that time in which this thread computed. */
  readonly workMs: number;
}

export const size: Suite = {
  name: 'size',
  about: `the ledger with ${SIZES.map(counted).join(', ')} requests of a month, one person with many of them; ${RUNS} runs of each action`,
  async run() {
    const measured: Record<Action, Run[]>[] = [];
    for (const generations of SIZES) measured.push(await measureSize(generations));
    return actions.map(({ name, about }) =>
      figureOf(
        about,
        measured.map((runs) => runs[name]),
      ),
    );
  },
};

async function measureSize(generations: number): Promise<Record<Action, Run[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-size-'));
  try {
    const path = join(folder, 'imagine.sqlite');
    await buildLedger(path, generations);
    const busy = createBusyLedger(path);
    const runs = {} as Record<Action, Run[]>;
    for (const { name, isRepeated, run } of actions) {
      runs[name] = [];
      for (let index = 0; index < (isRepeated ? RUNS : 1); index += 1) {
        runs[name].push(await measure(() => run(busy, index)));
      }
      console.error(`  ${counted(generations)}, ${name}: ${JSON.stringify(runs[name])}`);
    }
    busy.close();
    return runs;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Builds a ledger with the bot's own schema, and the files that the start checks. */
async function buildLedger(path: string, generations: number): Promise<void> {
  openLedger({ path }).close();
  const db = new DatabaseSync(path);
  fillLedger(db, { generations, now: Date.now() });
  db.close();
  // Otherwise the first measured commit would wait for data that the system has yet to write.
  const file = await open(path);
  await file.sync();
  await file.close();
  await mkdir(filesBeside(path), { recursive: true });
  for (let file = 0; file < generations / GENERATIONS_PER_FILE; file += 1) {
    await writeFile(join(filesBeside(path), `stray-${file}.png`), 'stray');
  }
}

/** Runs an action beside a timer of a millisecond, whose lateness shows for how long everything else was blocked. */
async function measure(action: () => Promise<void>): Promise<Run> {
  let longest = { blockMs: 0, workMs: 0 };
  let [before, workBefore] = [performance.now(), workMs()];
  const look = () => {
    const [now, work] = [performance.now(), workMs()];
    if (now - before > longest.blockMs) longest = { blockMs: now - before, workMs: work - workBefore };
    [before, workBefore] = [now, work];
  };
  const probe = setInterval(look, 1);
  // Work left over from building must not count for the action.
  await delay(PAUSE_MS);
  longest = { blockMs: 0, workMs: 0 };
  const begunAt = performance.now();
  [before, workBefore] = [begunAt, workMs()];
  await action();
  look();
  clearInterval(probe);
  return { tookMs: performance.now() - begunAt, ...longest };
}

/** The computing time of this thread so far. Otherwise it waits, for the disk or for a free core. */
function workMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function figureOf(about: string, sizes: readonly (readonly Run[])[]): Figure {
  const blocks = sizes.map((runs) => spreadOf(runs.map(({ blockMs }) => blockMs)));
  const work = sizes.map((runs) => spreadOf(runs.map(({ workMs }) => workMs)));
  const times = sizes.map((runs) => spreadOf(runs.map(({ tookMs }) => tookMs)).median);
  const each = (spreads: readonly Spread[]) => spreads.map(({ median }) => median.toFixed(0)).join(' · ');
  return {
    figure: `${about}, at ${SIZES.map(counted).join(' · ')}`,
    ours: `${each(blocks)} ms blocked, of it ${each(work)} at work; ${times.map(inAll).join(' · ')} in all`,
    baseline: 'the first',
    ratio: `${((times.at(-1) ?? Number.NaN) / (times[0] ?? Number.NaN)).toFixed(1)} in all`,
    goal: `≤ ${BLOCK_GOAL_MS} ms blocked`,
    met: blocks.every(({ median }) => median <= BLOCK_GOAL_MS),
  };
}

function inAll(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function counted(value: number): string {
  return value.toLocaleString('en-US');
}
