import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createGate } from '../../src/services/gate.ts';

test('work goes in as long as there is room, the oldest first, and what is too big for all goes in alone', async () => {
  const gate = createGate(10);
  const inside: string[] = [];
  const begun: string[] = [];
  const ends: Record<string, () => void> = {};
  const doing = (name: string, needed: number) =>
    gate(needed, async () => {
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
  const gate = createGate(1);
  await expect(gate(1, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(gate(1, async () => 'done')).resolves.toBe('done');
});
