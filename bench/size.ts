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
/** Kept files, of which no row knows: the start looks at each. */
const GENERATIONS_PER_FILE = 100;

/** What one run of an action took, and the longest that nothing else had its turn. */
interface Run {
  readonly tookMs: number;
  readonly blockMs: number;
  /** How much of that this thread was computing. */
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

/** Through the bot's own schema; then the files that the start looks through. */
async function buildLedger(path: string, generations: number): Promise<void> {
  openLedger({ path }).close();
  const db = new DatabaseSync(path);
  fillLedger(db, { generations, now: Date.now() });
  db.close();
  // What the system has yet to write of it would otherwise be waited for by the first commit that is measured.
  const file = await open(path);
  await file.sync();
  await file.close();
  await mkdir(filesBeside(path), { recursive: true });
  for (let file = 0; file < generations / GENERATIONS_PER_FILE; file += 1) {
    await writeFile(join(filesBeside(path), `stray-${file}.png`), 'stray');
  }
}

/** A timer of a millisecond beside it tells by how late it is for how long nothing else had its turn. */
async function measure(action: () => Promise<void>): Promise<Run> {
  let longest = { blockMs: 0, workMs: 0 };
  let [before, workBefore] = [performance.now(), workMs()];
  const look = () => {
    const [now, work] = [performance.now(), workMs()];
    if (now - before > longest.blockMs) longest = { blockMs: now - before, workMs: work - workBefore };
    [before, workBefore] = [now, work];
  };
  const probe = setInterval(look, 1);
  // What building has left to do is not the action's.
  await delay(PAUSE_MS);
  longest = { blockMs: 0, workMs: 0 };
  const begunAt = performance.now();
  [before, workBefore] = [begunAt, workMs()];
  await action();
  look();
  clearInterval(probe);
  return { tookMs: performance.now() - begunAt, ...longest };
}

/** What this thread has computed so far. The rest of the time it waits: for the disk, or for a core of its own. */
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
