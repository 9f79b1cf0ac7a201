import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createRounds } from '../../../src/services/concurrency/rounds.ts';

test('whoever comes after a burst of one person waits for a few of it', async () => {
  const { handed, send, allOf } = listen();
  for (let number = 0; number < 100; number += 1) send('mallory');
  send('ann');
  send('bob');
  await allOf(102);
  expect(handed.indexOf('ann 1')).toBeLessThan(3);
  expect(handed.indexOf('bob 1')).toBeLessThan(3);
});

test('whoever comes in the middle of a burst is in the next round', async () => {
  const { handed, send, allOf } = listen();
  for (let number = 0; number < 100; number += 1) send('mallory');
  await setImmediate();
  send('ann');
  const before = handed.length;
  await allOf(101);
  expect(handed.indexOf('ann 1') - before).toBeLessThan(6);
});

test('all are handed on, what a person sends in its order', async () => {
  const { handed, send, allOf } = listen();
  for (let number = 0; number < 30; number += 1) for (const person of ['ann', 'bob', 'cy']) send(person);
  await allOf(90);
  const ofAnn = handed.filter((one) => one.startsWith('ann'));
  expect(ofAnn).toEqual(Array.from({ length: 30 }, (_, index) => `ann ${index + 1}`));
});

function listen() {
  const handed: string[] = [];
  const sent = new Map<string, number>();
  const take = createRounds<string>((one) => handed.push(one));
  return {
    handed,
    send(person: string) {
      const number = (sent.get(person) ?? 0) + 1;
      sent.set(person, number);
      take(person, `${person} ${number}`);
    },
    async allOf(count: number) {
      while (handed.length < count) await setImmediate();
    },
  };
}
