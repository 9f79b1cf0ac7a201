import { expect, test } from 'vitest';
import { outlookAt, outlookChangesInMs } from '../../../src/services/generations/expectation.ts';
import { liveTask, NOW, taskRow } from '../rows.ts';

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

test('where nobody can say, it takes longer than usual', () => {
  expect(outlookAt(null, NOW)).toBe('late');
});
