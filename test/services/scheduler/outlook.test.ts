import { expect, test } from 'vitest';
import { nextEndAt, type Running } from '../../../src/services/scheduler/outlook.ts';

const NOW = 1_000_000;
const ANN = { userId: 'ann', guildId: 'server' };

test('the next one to make room is the one that ends first', () => {
  const running = [runs(ANN, NOW + 90_000), runs(ANN, NOW + 50_000)];
  expect(nextEndAt(running, { scope: 'person', ...ANN }, NOW)).toBe(NOW + 50_000);
});

test('those count whom the limit is about', () => {
  const running = [
    runs({ ...ANN, guildId: 'elsewhere' }, NOW + 1000),
    runs({ ...ANN, userId: 'bob' }, NOW + 2000),
    runs(ANN, NOW + 3000),
  ];
  expect(nextEndAt(running, { scope: 'person', ...ANN }, NOW)).toBe(NOW + 1000);
  expect(nextEndAt(running, { scope: 'server', ...ANN }, NOW)).toBe(NOW + 2000);
  expect(nextEndAt(running, { scope: 'member', ...ANN }, NOW)).toBe(NOW + 3000);
});

test('where all of them wait, it is the next of the server that makes room, and else the next of all', () => {
  const elsewhere = runs({ userId: 'cem', guildId: 'elsewhere' }, NOW + 1000);
  const here = runs({ ...ANN, userId: 'bob' }, NOW + 2000);
  expect(nextEndAt([elsewhere, here], { scope: 'person', ...ANN }, NOW)).toBe(NOW + 2000);
  expect(nextEndAt([elsewhere], { scope: 'person', ...ANN }, NOW)).toBe(NOW + 1000);
});

test('nothing is promised where nobody can say, or where it should have happened already', () => {
  const running = [runs(ANN, null), runs(ANN, NOW - 1000)];
  expect(nextEndAt(running, { scope: 'person', ...ANN }, NOW)).toBeNull();
});

function runs(who: { userId: string; guildId: string }, endsAt: number | null): Running {
  return { ...who, endsAt };
}
