import { beforeEach, expect, test } from 'vitest';
import { type Allowance, createAllowance } from '../../../src/services/concurrency/allowance.ts';

const PAUSE_MS = 1000;

let at: number;
let elapsed: number;
let allowance: Allowance;
beforeEach(() => {
  at = 1_000_000;
  elapsed = 0;
  allowance = createAllowance({ burst: 3, pauseMs: PAUSE_MS, now: () => at, elapsed: () => elapsed });
});

test('so much is there at once, and then one after each pause', () => {
  expect([1, 2, 3, 4].map(() => allowance.take('ann'))).toEqual([true, true, true, false]);
  expect(allowance.freeAt('ann')).toBe(at + PAUSE_MS);
  elapsed += PAUSE_MS;
  expect(allowance.freeAt('ann')).toBeNull();
  expect([1, 2].map(() => allowance.take('ann'))).toEqual([true, false]);
});

test('each person has their own', () => {
  expect(allowance.take('ann', 3)).toBe(true);
  expect(allowance.take('bob')).toBe(true);
});

test('who asks for more than is left loses nothing by it', () => {
  expect(allowance.take('ann', 2)).toBe(true);
  expect(allowance.take('ann', 2)).toBe(false);
  expect(allowance.take('ann')).toBe(true);
});

test.each([
  ['back', -60 * 60_000],
  ['forward', 60 * 60_000],
])('a clock that is set %s changes nothing but what it says', (_, ms) => {
  allowance.take('ann', 2);
  at += ms;
  expect(allowance.freeAt('ann')).toBeNull();
  expect([1, 2].map(() => allowance.take('ann'))).toEqual([true, false]);
  expect(allowance.freeAt('ann')).toBe(at + PAUSE_MS);
});

test('thousands of people who come once are forgotten, and those who don’t stop are not', () => {
  allowance.take('ann', 3);
  for (let number = 0; number < 5000; number += 1) allowance.take(`person ${number}`);
  expect(allowance.take('ann')).toBe(false);
});
