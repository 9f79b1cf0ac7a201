import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { Generation } from '../../../src/services/ledger/rows.ts';
import { Job } from '../../../src/services/runner/job.ts';
import { nextEndAt } from '../../../src/services/runner/outlook.ts';
import { generationRow, NOW, taskRow } from '../rows.ts';

const ANN = { userId: 'ann', guildId: 'server' };

test('the next one to make room is the one that is ready first, by its slowest image', () => {
  const jobs = [job(ANN, [NOW + 3000, NOW + 90_000]), job(ANN, [NOW + 50_000])];
  expect(nextEndAt(jobs, { scope: 'person', ...ANN }, NOW)).toBe(NOW + 50_000);
});

test('those count whom the limit is about', () => {
  const jobs = [
    job({ ...ANN, guildId: 'elsewhere' }, [NOW + 1000]),
    job({ ...ANN, userId: 'bob' }, [NOW + 2000]),
    job(ANN, [NOW + 3000]),
  ];
  expect(nextEndAt(jobs, { scope: 'person', ...ANN }, NOW)).toBe(NOW + 1000);
  expect(nextEndAt(jobs, { scope: 'server', ...ANN }, NOW)).toBe(NOW + 2000);
  expect(nextEndAt(jobs, { scope: 'member', ...ANN }, NOW)).toBe(NOW + 3000);
});

test('where all of them wait, it is the next of the server that makes room, and else the next of all', () => {
  const waiting = job({ ...ANN, startedAt: null }, [null]);
  const elsewhere = job({ userId: 'cem', guildId: 'elsewhere' }, [NOW + 1000]);
  const here = job({ ...ANN, userId: 'bob' }, [NOW + 2000]);
  expect(nextEndAt([waiting, elsewhere, here], { scope: 'person', ...ANN }, NOW)).toBe(NOW + 2000);
  expect(nextEndAt([waiting, elsewhere], { scope: 'person', ...ANN }, NOW)).toBe(NOW + 1000);
});

test('nothing is promised where nobody can say, or where it should have happened already', () => {
  const jobs = [job(ANN, [NOW + 1000, null]), job(ANN, [NOW - 1000]), job(ANN, [])];
  expect(nextEndAt(jobs, { scope: 'person', ...ANN }, NOW)).toBeNull();
});

function job(who: Partial<Generation>, readyAt: readonly (number | null)[]): Job {
  const tasks = readyAt.map((_, index) => taskRow({ id: `t-${index}` }));
  const found = {
    log: pino({ level: 'silent' }),
    stopping: new AbortController().signal,
    halt: new AbortController().signal,
    isCancelled: false,
    defer: async () => undefined,
  };
  const made = new Job({ generation: generationRow(who), references: [], tasks }, found);
  for (const [index, task] of made.tasks.entries()) task.readyAt = readyAt[index] ?? null;
  return made;
}
