import { expect, test } from 'vitest';
import { expectReady, outlookAt, outlookChangesInMs } from '../../../src/services/generations/expectation.ts';
import type { Job, LiveTask } from '../../../src/services/generations/job.ts';
import { generationRow, liveTask, NOW, taskRow } from '../rows.ts';

test('each outlook lasts exactly until the next one holds', () => {
  const tasks = [liveTask({}, { readyAt: NOW + 20_000 })];
  const seen: string[] = [];
  for (let now: number | null = NOW; now !== null; ) {
    seen.push(outlookAt(NOW + 20_000, now));
    const inMs = outlookChangesInMs(tasks, now);
    now = inMs === null ? null : now + inMs;
  }
  expect(seen).toEqual(['expected', 'soon', 'late']);
});

test('of several images, the next change of any counts, and none of those that are over', () => {
  const over = { ...liveTask({}, { readyAt: NOW + 5000 }), row: taskRow({ state: 'delivered' }) };
  const tasks = [liveTask({}, { readyAt: NOW + 60_000 }), liveTask({}, { readyAt: NOW + 20_000 }), over];
  expect(outlookChangesInMs(tasks, NOW)).toBe(17_000);
  expect(outlookChangesInMs([over, liveTask()], NOW)).toBeNull();
});

test('where nobody can say, nothing is said', () => {
  expect(outlookAt(null, NOW)).toBe('unknown');
});

test.each([
  ['a kind of which nothing is known, nothing is foretold', () => null, null],
  [
    'a late one, it is late',
    ({ ageMs }: { ageMs: number }) => (ageMs < 60_000 ? 20_000 : null),
    NOW - 10_000,
  ],
  ['any other, a time is', () => 70_000, NOW + 10_000],
])('of %s', (_, readyAtMs, expected) => {
  const task = { ...liveTask({ submittedAt: NOW - 60_000 }), foretold: null };
  const job = { generation: generationRow(), references: [] };
  const schedule = {
    readyAtMs: (_kind: string, under: { ageMs: number }) => readyAtMs(under),
    pauseMs: () => 0,
  };
  expectReady(task as unknown as LiveTask, job as unknown as Job, { schedule, now: () => NOW });
  expect(task.readyAt).toBe(expected);
});
