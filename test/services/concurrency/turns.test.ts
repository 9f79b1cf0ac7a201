import { expect, test } from 'vitest';
import { createTurns } from '../../../src/services/concurrency/turns.ts';

test('one person’s work waits for the same person’s work before it, and for nobody else’s', async () => {
  const turns = createTurns();
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const work = (name: string, until?: Promise<void>) => async () => {
    await until;
    done.push(name);
  };
  const all = [
    turns('ann', work('ann’s first', first.promise)),
    turns('ann', work('ann’s second')),
    turns('bob', work('bob’s first')),
  ];
  await all[2];
  expect(done).toEqual(['bob’s first']);
  first.resolve();
  await Promise.all(all);
  expect(done).toEqual(['bob’s first', 'ann’s first', 'ann’s second']);
});

test('work that fails holds nothing up', async () => {
  const turns = createTurns();
  const failing = turns('ann', () => Promise.reject(new Error('broken')));
  const next = turns('ann', async () => 'done');
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('done');
});
