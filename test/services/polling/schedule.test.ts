import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createSchedule,
  kindOf,
  type Observation,
  type Schedule,
} from '../../../src/services/polling/index.ts';
import { createLedgerFile, type LedgerFile } from '../ledger/ledger-file.ts';

const KIND = 'gpt-image-2/1k/high';
const START = { ageMs: 0, foretoldMs: null };

let file: LedgerFile;
let clock = 0;
beforeEach(() => {
  clock = 1_000_000;
  file = createLedgerFile(join(mkdtempSync(join(tmpdir(), 'schedule-')), 'imagine.sqlite'));
});
afterEach(() => file.remove());

test('what was learned is known after a restart', async () => {
  const first = await scheduleOnDisk();
  for (const tookMs of [50_000, 48_000, 52_000, 51_000, 49_000, 50_500])
    await first.learn(KIND, took(tookMs));
  const second = await scheduleOnDisk();
  expect(second.readyAtMs(KIND, START)).toBe(first.readyAtMs(KIND, START));
  expect(second.readyAtMs(KIND, START)).toBeLessThan(60_000);
  expect(second.readyAtMs('gpt-image-2/1k/low', START)).toBeLessThan(20_000);
});

test('what other processes learn counts from the next task of the kind on', async () => {
  const [here, there] = [await scheduleOnDisk(), await scheduleOnDisk()];
  for (const tookMs of [50_000, 48_000, 52_000]) await there.learn(KIND, took(tookMs));
  expect(here.readyAtMs(KIND, START)).not.toBe(there.readyAtMs(KIND, START));
  await here.learn(KIND, took(51_000));
  const next = await scheduleOnDisk();
  expect(here.readyAtMs(KIND, START)).toBe(next.readyAtMs(KIND, START));
});

test('the ledger keeps the newest of each kind, and of all kinds', async () => {
  const { durations } = file.ledger;
  for (let index = 0; index < 120; index += 1) await durations.add(KIND, took(1000 + index));
  await durations.add('nano-banana/1k', { tookMs: 8000.4, foretoldMs: 9000.6 });
  const all = await durations.all();
  expect(all.get(KIND)).toHaveLength(100);
  expect(all.get(KIND)?.at(-1)).toEqual({ tookMs: 1119, foretoldMs: null });
  expect(all.get('nano-banana/1k')).toEqual([{ tookMs: 8000, foretoldMs: 9001 }]);
});

test('a service that is asked too often gets fewer queries for a while, and none later than the longest pause', async () => {
  const schedule = await scheduleOnDisk();
  for (const tookMs of [60_000, 57_000, 63_000, 58_000, 62_000, 61_000])
    await schedule.learn(KIND, took(tookMs));
  const usual = pausesIn(schedule, 120_000);
  for (let refused = 0; refused < 20; refused += 1) schedule.slowDown();
  const slower = pausesIn(schedule, 120_000);
  expect(slower.length).toBeLessThanOrEqual(usual.length / 2 + 1);
  expect(slower.length).toBeGreaterThan(usual.length / 3);
  for (let round = 0; round < 10; round += 1) {
    clock += 1000;
    schedule.slowDown();
  }
  expect(Math.max(...pausesIn(schedule, 600_000))).toBeLessThanOrEqual(60_000);
  clock += 600_000;
  expect(pausesIn(schedule, 120_000).length).toBeGreaterThanOrEqual(usual.length - 1);
});

test('failures in a row slow the questions down, to once a minute; the time that the service names is a floor', async () => {
  const schedule = await scheduleOnDisk();
  const pauses = [1, 2, 3, 10].map((failures) => schedule.pauseAfterFailureMs(failures, null));
  expect(pauses).toEqual([2000, 4000, 8000, 60_000]);
  expect(schedule.pauseAfterFailureMs(1, 90_000)).toBe(90_000);
});

test('a kind is what makes a task take longer: model, resolution, quality where it counts, references', () => {
  const request = { model: 'gpt-image-2', resolution: '1k', quality: null } as const;
  expect(kindOf(request, 0)).toBe('gpt-image-2/1k/low');
  expect(kindOf({ ...request, quality: 'high' }, 2)).toBe('gpt-image-2/1k/high/references');
  expect(kindOf({ model: 'nano-banana-pro', resolution: '2k', quality: 'high' }, 0)).toBe(
    'nano-banana-pro/2k',
  );
});

async function scheduleOnDisk() {
  const { durations } = file.ledger;
  const limits = { pollMinMs: 1000, pollMaxMs: 60_000 };
  return createSchedule({ earlier: await durations.all(), durations, ...limits, elapsed: () => clock });
}

function pausesIn(schedule: Schedule, forMs: number): number[] {
  const pauses: number[] = [];
  for (let ageMs = 0; ageMs < forMs; ) {
    const pause = schedule.pauseMs(KIND, { ageMs, foretoldMs: null });
    pauses.push(pause);
    ageMs += pause;
  }
  return pauses;
}

function took(tookMs: number): Observation {
  return { tookMs, foretoldMs: null };
}
