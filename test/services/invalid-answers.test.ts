import { EventEmitter } from 'node:events';
import { type REST, RESTEvents } from 'discord.js';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { watchInvalidAnswers } from '../../src/services/invalid-answers.ts';

const MINUTE_MS = 60_000;

test.each([401, 403, 404, 429])(
  'after as many answers of %d as the budget has, nothing is looked up',
  (status) => {
    const { answer, invalid } = watched(3);
    answer(status, 2);
    expect(invalid.leaveRoom()).toBe(true);
    answer(status, 1);
    expect(invalid.leaveRoom()).toBe(false);
  },
);

test('other answers, and a limit that all bots share, cost nothing', () => {
  const { answer, invalid } = watched(1);
  for (const status of [200, 204, 400, 500, 503]) answer(status, 10);
  answer(429, 10, { 'x-ratelimit-scope': 'shared' });
  expect(invalid.leaveRoom()).toBe(true);
});

test('ten minutes later there is room again, and the log has said once that there was none', () => {
  const { answer, invalid, logged, pass } = watched(2);
  answer(403, 1);
  pass(5 * MINUTE_MS);
  answer(403, 1);
  for (let times = 0; times < 50; times += 1) expect(invalid.leaveRoom()).toBe(false);
  expect(logged).toHaveLength(1);
  pass(5 * MINUTE_MS);
  expect(invalid.leaveRoom()).toBe(true);
  answer(403, 1);
  expect(invalid.leaveRoom()).toBe(false);
  expect(logged).toHaveLength(2);
});

function watched(budget: number) {
  const rest = new EventEmitter();
  const logged: string[] = [];
  let time = 1_700_000_000_000;
  const log = pino({}, { write: (line: string) => logged.push(line) });
  const invalid = watchInvalidAnswers(rest as unknown as REST, { log, now: () => time, budget });
  return {
    invalid,
    logged,
    answer(status: number, times: number, headers: Record<string, string> = {}) {
      for (let left = times; left > 0; left -= 1)
        rest.emit(RESTEvents.Response, {}, { status, headers: new Headers(headers) });
    },
    pass: (ms: number) => {
      time += ms;
    },
  };
}
