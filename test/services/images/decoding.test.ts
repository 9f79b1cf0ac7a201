import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withMemoryFor } from '../../../src/services/images/decoding.ts';

const HEAVY = { format: 'png', width: 8000, height: 8000 } as const;
const LIGHT = { format: 'jpeg', width: 1000, height: 1000 } as const;

test('a light picture waits for no heavy one, and of heavy ones each person has a turn', async () => {
  const begun: string[] = [];
  const { promise: end, resolve } = Promise.withResolvers<void>();
  const decode = (picture: typeof HEAVY | typeof LIGHT, person: string, name: string) =>
    withMemoryFor(picture, 'small', person, () => {
      begun.push(name);
      return end;
    });
  const heavy = ['heavy 1', 'heavy 2', 'heavy 3'].map((name) => decode(HEAVY, 'anna', name));
  const others = [decode(HEAVY, 'ben', 'heavy of ben'), decode(LIGHT, 'carol', 'light')];
  await setImmediate();
  expect(begun).toEqual(['heavy 1', 'light']);
  resolve();
  await Promise.all([...heavy, ...others]);
  expect(begun).toEqual(['heavy 1', 'light', 'heavy of ben', 'heavy 2', 'heavy 3']);
});
