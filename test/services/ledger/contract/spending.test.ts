import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestLedger, type TestLedger } from '../test-ledger.ts';

let file: TestLedger;
beforeEach(async () => {
  file = await createTestLedger();
});
afterEach(() => file.remove());

test('what was spent is summed by model and by the people who spent most, from a moment on', async () => {
  await charge('anna', 'gpt-image-2', 10, 2000);
  await charge('anna', 'nano-banana', 4, 2001);
  await charge('ben', 'gpt-image-2', 60, 2002);
  await charge('cleo', 'nano-banana', 4, 2003);
  await charge('ben', 'gpt-image-2', 999, 1000);
  expect(await file.ledger.spending.since(1000, 2)).toEqual({
    byModel: [
      { name: 'gpt-image-2', images: 2, coins: 70 },
      { name: 'nano-banana', images: 2, coins: 8 },
    ],
    byPerson: [
      { name: 'ben', images: 1, coins: 60 },
      { name: 'anna', images: 2, coins: 14 },
    ],
    people: 3,
  });
  expect(await file.ledger.spending.since(5000, 2)).toEqual({ byModel: [], byPerson: [], people: 0 });
});

test('a warning is kept until it is dropped, told once, and can come again', async () => {
  const { warnings } = file.ledger;
  await warnings.raise('key-refused');
  file.now = 2000;
  await warnings.raise('key-refused');
  await warnings.markTold('key-refused');
  await file.reopen();
  const kept = { kind: 'key-refused', since: 1000, toldAt: 2000, isOver: false };
  expect(await file.ledger.warnings.all()).toEqual([kept]);
  await file.ledger.warnings.drop('key-refused');
  expect(await file.ledger.warnings.all()).toEqual([]);
  await file.ledger.warnings.raise('key-refused');
  expect(await file.ledger.warnings.all()).toEqual([{ ...kept, since: 2000, toldAt: null }]);
});

test('a warning that is over goes on from where it was if it comes again before the owner is told', async () => {
  const { warnings } = file.ledger;
  await warnings.end('no-credit');
  expect(await warnings.all()).toEqual([]);
  await warnings.begin('no-credit');
  await warnings.markTold('no-credit');
  await warnings.end('no-credit');
  const kept = { kind: 'no-credit', since: 1000, toldAt: 1000 };
  expect(await warnings.all()).toEqual([{ ...kept, isOver: true }]);
  await warnings.raise('no-credit');
  expect(await warnings.all()).toEqual([{ ...kept, isOver: true }]);
  await warnings.begin('no-credit');
  expect(await warnings.all()).toEqual([{ ...kept, isOver: false }]);
});

test('a ledger takes the smallest write that proves it writable, and a closed one does not', async () => {
  await file.ledger.proveWritable();
  await file.ledger.close();
  await expect(file.ledger.proveWritable()).rejects.toThrow();
});

let charges = 0;

async function charge(userId: string, model: string, coins: number, at: number): Promise<void> {
  charges += 1;
  await file.execute(`INSERT INTO charges (task_id, user_id, model, coins, charged_at)
    VALUES ('task-${charges}', '${userId}', '${model}', ${coins}, ${at})`);
}
