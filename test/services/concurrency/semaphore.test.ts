import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createSemaphore } from '../../../src/services/concurrency/semaphore.ts';

test('work goes in as long as there is room, the oldest first, and what is too big for all goes in alone', async () => {
  const gate = createSemaphore(10);
  const inside: string[] = [];
  const begun: string[] = [];
  const ends: Record<string, () => void> = {};
  const doing = (name: string, needed: number) =>
    gate(needed, 'anna', async () => {
      begun.push(name);
      inside.push(name);
      await new Promise<void>((end) => {
        ends[name] = end;
      });
      inside.splice(inside.indexOf(name), 1);
    });
  const all = [doing('small', 4), doing('middle', 6), doing('huge', 99), doing('late', 1)];

  await setImmediate();
  expect(inside).toEqual(['small', 'middle']);
  ends.small?.();
  await setImmediate();
  expect(inside, 'what is small and late does not overtake').toEqual(['middle']);
  ends.middle?.();
  await setImmediate();
  expect(inside).toEqual(['huge']);
  ends.huge?.();
  await setImmediate();
  ends.late?.();
  await Promise.all(all);
  expect(begun).toEqual(['small', 'middle', 'huge', 'late']);
});

test('work that fails makes room, too', async () => {
  const gate = createSemaphore(1);
  await expect(gate(1, 'anna', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(gate(1, 'anna', async () => 'done')).resolves.toBe('done');
});

test('with one person filling the gate, another’s work is next, however late it comes', async () => {
  const { gate, begun, end } = watched(createSemaphore(2));
  for (const name of ['anna 1', 'anna 2', 'anna 3', 'anna 4']) gate('anna', name);
  gate('ben', 'ben 1');
  gate('ben', 'ben 2');
  await end('anna 1');
  expect(begun).toEqual(['anna 1', 'anna 2', 'ben 1']);
  await end('anna 2');
  expect(begun.at(-1)).toBe('anna 3');
  await end('anna 3');
  expect(begun.at(-1)).toBe('anna 4');
  await end('ben 1');
  expect(begun.at(-1)).toBe('ben 2');
});

test('a person has no more inside than is theirs, though there is room', async () => {
  const { gate, begun, end } = watched(createSemaphore(4, 2));
  for (const name of ['anna 1', 'anna 2', 'anna 3']) gate('anna', name);
  gate('ben', 'ben 1');
  await setImmediate();
  expect(begun).toEqual(['anna 1', 'anna 2', 'ben 1']);
  await end('anna 1');
  expect(begun.at(-1)).toBe('anna 3');
});

/** A gate for work of one each, what has begun there so far, and how one of it ends. */
function watched(gate: ReturnType<typeof createSemaphore>) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    gate(person: string, name: string) {
      void gate(1, person, () => {
        begun.push(name);
        return new Promise<void>((end) => ends.set(name, end));
      });
    },
    async end(name: string) {
      await setImmediate();
      ends.get(name)?.();
      await setImmediate();
    },
  };
}
