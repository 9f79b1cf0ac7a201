import { pino } from 'pino';
import { expect, test } from 'vitest';
import { countInvalidAnswers, type Use } from '../../../src/services/discord/invalid-answers.ts';

const MINUTE_MS = 60_000;
const STEP_MS = 10_000;

test.each([401, 403, 404, 429])(
  'after as many answers of %d as the budget has, nothing is looked up',
  (status) => {
    const { answer, invalid } = counting({ lookUps: 3 });
    answer(status, 2);
    expect(invalid.leaveRoom()).toBe(true);
    answer(status, 1);
    expect(invalid.leaveRoom()).toBe(false);
  },
);

test('other answers, and a limit that all bots share, cost nothing', () => {
  const { answer, invalid } = counting({ lookUps: 1 });
  for (const status of [200, 204, 400, 500, 503]) answer(status, 10);
  answer(429, 10, { 'x-ratelimit-scope': 'shared' });
  expect(invalid.leaveRoom()).toBe(true);
});

test('ten minutes later there is room again, and the log has said once that there was none', () => {
  const { answer, invalid, logged, pass } = counting({ lookUps: 2 });
  answer(403, 1);
  pass(5 * MINUTE_MS);
  answer(403, 1);
  for (let times = 0; times < 50; times += 1) expect(invalid.leaveRoom()).toBe(false);
  expect(logged).toHaveLength(1);
  pass(5 * MINUTE_MS + STEP_MS);
  expect(invalid.leaveRoom()).toBe(true);
  answer(403, 1);
  expect(invalid.leaveRoom()).toBe(false);
  expect(logged).toHaveLength(2);
});

test('no ten minutes have more invalid answers than the ceiling, whatever is sent and however it is answered', () => {
  const { invalid, pass, answeredWithin } = counting({ other: 50, first: 80 });
  for (let second = 0; second < 3600; second += 1) {
    const sent = (['other', 'other', 'other', 'first', 'other'] as Use[]).filter((use) => {
      const mayGo = invalid.waitMs(use) === 0;
      if (mayGo) invalid.begins();
      return mayGo;
    });
    // What is under way counts until its answer is there.
    pass(1000);
    for (const _ of sent) answeredWithin.note();
    expect(answeredWithin.latest(10 * MINUTE_MS)).toBeLessThanOrEqual(80);
  }
  expect(answeredWithin.all()).toBeGreaterThan(300);
});

test('a request above the ceiling is told to wait until there is room for it, and first answers still go', () => {
  const { answer, invalid, logged, pass } = counting({ other: 3, first: 5 });
  answer(403, 3);
  const waitMs = invalid.waitMs('other');
  expect(waitMs).toBeGreaterThan(9 * MINUTE_MS);
  expect(invalid.waitMs('first')).toBe(0);
  answer(404, 2);
  expect(invalid.waitMs('first')).toBeGreaterThan(9 * MINUTE_MS);
  pass(waitMs);
  expect([invalid.waitMs('other'), invalid.waitMs('first')]).toEqual([0, 0]);
  expect(logged).toHaveLength(2);
});

test('what is answered well takes no room', () => {
  const { answer, invalid } = counting({ other: 3, first: 5 });
  answer(200, 100);
  answer(403, 2);
  expect(invalid.waitMs('other')).toBe(0);
  invalid.begins();
  expect(invalid.waitMs('other')).toBe(1000);
  invalid.ends(null);
  expect(invalid.waitMs('other')).toBe(0);
});

function counting(budgets: Partial<Record<Use | 'lookUps', number>>) {
  const logged: string[] = [];
  let time = 12_345;
  const log = pino({}, { write: (line: string) => logged.push(line) });
  const most = { lookUps: 1e6, other: 1e6, first: 1e6, ...budgets };
  const invalid = countInvalidAnswers({ log, elapsed: () => time, budgets: most });
  const answeredAt: number[] = [];
  return {
    invalid,
    logged,
    answer(status: number, times: number, headers: Record<string, string> = {}) {
      for (let left = times; left > 0; left -= 1) {
        invalid.begins();
        invalid.ends({ status, headers: new Headers(headers) });
      }
    },
    answeredWithin: {
      note() {
        answeredAt.push(time);
        invalid.ends({ status: 403, headers: new Headers() });
      },
      latest: (ms: number) => answeredAt.filter((at) => at > time - ms).length,
      all: () => answeredAt.length,
    },
    pass: (ms: number) => {
      time += ms;
    },
  };
}
