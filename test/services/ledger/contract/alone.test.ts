import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestLedger, type TestLedger } from '../test-ledger.ts';

let file: TestLedger;
beforeEach(async () => {
  file = await createTestLedger();
});
afterEach(() => file.remove());

test('work of one name is done by one at a time, and work of another name meanwhile', async () => {
  const { alone } = file.ledger;
  const gate = Promise.withResolvers<void>();
  const done: string[] = [];
  const begun = Promise.withResolvers<void>();
  const first = alone('house', async () => {
    begun.resolve();
    await gate.promise;
  });
  await begun.promise;
  expect(await alone('house', async () => void done.push('house'))).toBe(false);
  expect(await alone('warnings', async () => void done.push('warnings'))).toBe(true);
  gate.resolve();
  expect(await first).toBe(true);
  expect(await alone('house', async () => void done.push('house'))).toBe(true);
  expect(done).toEqual(['warnings', 'house']);
});

test('work that fails says so, and can be done again', async () => {
  const { alone } = file.ledger;
  const failing = alone('house', async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await alone('house', async () => undefined)).toBe(true);
});
