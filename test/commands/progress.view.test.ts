import fc from 'fast-check';
import { expect, test } from 'vitest';
import { progressLines } from '../../src/commands/progress.view.ts';
import { jobState, liveTask, NOW } from '../services/rows.ts';
import { en } from './views.ts';

const waiting = liveTask({}, { said: 'waiting' });
const begun = (percent: number | null) =>
  liveTask(
    { submittedAt: NOW - 5000 },
    { said: 'running', readyAt: NOW + 8000, progress: percent === null ? null : { percent, at: NOW } },
  );

test('of several images, none of which has begun, it is said once that they wait', () => {
  expect(lines([waiting, waiting, waiting])).toEqual([en.queued]);
});

test('each of several images has a line of its own, under how many are ready', () => {
  const tasks = [
    liveTask({ state: 'completed', submittedAt: NOW - 9000 }),
    begun(50),
    begun(null),
    liveTask({ state: 'submitting' }),
  ];
  expect(lines(tasks)).toEqual([
    '🎨 1 of 4 images ready',
    '`1` ✅',
    '`2` ▰▰▰▰▱▱▱▱ 50% · expected <t:1700000008:R>',
    '`3` 🎨 expected <t:1700000008:R>',
    '`4` ⏳ waiting',
    '-# started <t:1699999991:R>',
  ]);
});

test('one that failed is said to have, while the others go on', () => {
  const tasks = [liveTask({ state: 'failed', reason: 'content-policy' }), begun(50)];
  expect(lines(tasks)).toContain('`1` ⚠️ failed');
  expect(lines(tasks)[0]).toBe('🎨 0 of 2 images ready');
});

test.each([
  ['long before', 8000, 'expected <t:1700000008:R>'],
  ['just before, since an edit takes a moment', 3000, en.soon],
  ['just after', -5000, en.soon],
  ['after that', -10_000, en.overdue],
])('no countdown goes on into the past: %s the time that was expected', (_, leftMs, words) => {
  const task = liveTask({ submittedAt: NOW - 60_000 }, { said: 'running', readyAt: NOW + leftMs });
  expect(lines([task])[1]).toBe(`started <t:1699999940:R> · ${words}`);
  expect(lines([task, waiting])).toContain(`\`1\` 🎨 ${words}`);
  expect(lines([{ ...task, said: 'waiting' }])).toEqual([en.queued, words]);
});

test('where nobody can say when it will be ready, nothing is said of that', () => {
  const unknown = liveTask({ submittedAt: NOW - 60_000 }, { said: 'running', readyAt: null });
  expect(lines([unknown])).toEqual([en.working, 'started <t:1699999940:R>']);
  expect(lines([unknown, waiting])).toContain('`1` 🎨 being made');
  const half = { ...unknown, progress: { percent: 50, at: NOW } };
  expect(lines([half, waiting])).toContain('`1` ▰▰▰▰▱▱▱▱ 50%');
});

test('what the service has taken is made, unless it says that it waits', () => {
  const taken = liveTask({ submittedAt: NOW }, { readyAt: NOW + 15_000 });
  expect(lines([taken])).toEqual([en.working, 'started <t:1700000000:R> · expected <t:1700000015:R>']);
  expect(lines([taken, waiting])).toContain('`1` 🎨 expected <t:1700000015:R>');
});

test('what the service says waits is expected, too', () => {
  const taken = liveTask({ submittedAt: NOW }, { readyAt: NOW + 15_000, said: 'waiting' });
  expect(lines([taken])).toEqual([en.queued, 'expected <t:1700000015:R>']);
});

test('what cannot be done at the moment comes first, once', () => {
  const troubled = { ...begun(50), trouble: 'unreachable' } as const;
  const shown = lines([troubled, troubled]);
  expect(shown[0]).toBe(en.trouble.unreachable);
  expect(shown.filter((line) => line === en.trouble.unreachable)).toHaveLength(1);
  expect(shown).toContain('🎨 0 of 2 images ready');
});

test('while nobody can be asked, nothing is said to wait for the service to begin', () => {
  const unknown = { ...waiting, trouble: 'unreachable' } as const;
  expect(lines([unknown])).toEqual([en.trouble.unreachable]);
  expect(lines([unknown, unknown])).toEqual([en.trouble.unreachable]);
});

test('what was not sent yet is being sent, and the service is not said to wait', () => {
  const unsent = liveTask({ state: 'reserved' });
  expect(lines([unsent])).toEqual([en.sending]);
  expect(lines([unsent, liveTask({ state: 'submitting' })])).toEqual([en.sending]);
});

test('between the service’s reports the bar says about how far it is', () => {
  const task = { ...begun(null), estimate: 40 };
  expect(lines([task])[0]).toBe('▰▰▰▰▱▱▱▱▱▱▱▱ about 40%');
  expect(lines([task, waiting])).toContain('`1` ▰▰▰▱▱▱▱▱ about 40% · expected <t:1700000008:R>');
  expect(lines([{ ...begun(30), estimate: 40 }])[0]).toContain('about 40%');
  expect(lines([{ ...begun(50), estimate: 40 }])[0]).toBe('▰▰▰▰▰▰▱▱▱▱▱▱ 50%');
});

test('what can not even be sent says why', () => {
  const unsent = liveTask({ state: 'reserved' }, { trouble: 'storage' });
  expect(lines([unsent])).toEqual([en.trouble.storage]);
});

test.each([
  [{ number: 1, among: 'all' }, '⏳ 1st in line'],
  [{ number: 2, among: 'own' }, '⏳ 2nd in line, behind your own requests'],
  [{ number: 3, among: 'server' }, '⏳ 3rd in line in this server'],
  [{ number: 11, among: 'all' }, '⏳ 11th in line'],
  [{ number: 21, among: 'all' }, '⏳ 21st in line'],
] as const)('what waits in the queue says its place: %o', (place, words) => {
  const unsent = liveTask({ state: 'reserved' });
  expect(lines([unsent, unsent], { place })).toEqual([words]);
});

test.each(['key-refused', 'no-credit'] as const)(
  'what waits in the queue where nobody begins keeps its place, and says why and what comes next: %s',
  (held) => {
    const place = { number: 2, among: 'own', held } as const;
    const shown = lines([liveTask({ state: 'reserved' })], { place });
    expect(shown).toEqual(['⏳ 2nd in line, behind your own requests', en.held[held]]);
    expect(shown[1]).toMatch(/^⚠️ .* at the moment\. You keep your place: .* by itself .* costs nothing\.$/);
  },
);

test('whoever cancels while waiting in the queue sees that', () => {
  const place = { number: 1, among: 'all' } as const;
  expect(lines([liveTask({ state: 'reserved' })], { place, cancelling: true })).toEqual([en.cancelling]);
});

test('an image that is ready is on its way', () => {
  expect(lines([liveTask({ state: 'completed' })])).toEqual([en.fetching]);
});

test('whoever cancels sees that at once, until what was under way is over', () => {
  expect(lines([begun(50), waiting], { cancelling: true })).toEqual([en.cancelling]);
  const over = [liveTask({ state: 'cancelled' }), liveTask({ state: 'completed' })];
  expect(lines(over, { cancelling: true })).not.toContain(en.cancelling);
});

test('a bar has twelve cells, and none is filled before its time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), (percent) => {
      const [bar = ''] = lines([begun(percent)]);
      expect(bar).toMatch(/^▰*▱* \d+%$/);
      expect(bar.split(' ')[0]).toHaveLength(12);
      expect([...bar].filter((cell) => cell === '▰')).toHaveLength(Math.floor((percent * 12) / 100));
    }),
  );
});

test('several running images look the same from one moment to the next', () => {
  const tasks = [begun(40), begun(null), waiting];
  expect(progressLines(jobState(tasks), en, NOW + 900)).toEqual(lines(tasks));
});

function lines(tasks: Parameters<typeof jobState>[0], state: Parameters<typeof jobState>[1] = {}): string[] {
  return progressLines(jobState(tasks, state), en, NOW);
}
