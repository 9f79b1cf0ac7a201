import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLedgerFile, type LedgerFile } from './ledger-file.ts';

let file: LedgerFile;
beforeEach(() => {
  file = createLedgerFile();
});
afterEach(() => file.remove());

test('what is deleted leaves the index, and what stays is still found', async () => {
  await file.deliver({ userId: 'ann', request: { prompt: 'a fox' } });
  const other = await file.deliver({ userId: 'bob', request: { prompt: 'a fox' } });
  expect(indexed()).toEqual({ keys: 2, texts: 2, foxes: 2 });
  await file.ledger.storedData.forget('ann');
  expect(indexed()).toEqual({ keys: 1, texts: 1, foxes: 1 });
  expect((await file.ledger.history.page('bob', 'fox', null))?.stored.generation.id).toBe(other);
});

test('no word of a deleted prompt is left in the file', async () => {
  await file.deliver({ userId: 'bob', request: { prompt: 'something that stays' } });
  await file.deliver({ userId: 'ann', request: { prompt: 'zyzzyva qwertzuiop 雪狐' } });
  await file.ledger.storedData.forget('ann');
  file.reopen();
  const bytes = readFileSync(file.path).toString('latin1');
  expect(bytes).toContain('something');
  expect(bytes).not.toContain('zyzzyva');
  expect(bytes).not.toContain('qwertzuiop');
  expect(bytes).not.toContain(Buffer.from('雪').toString('latin1'));
});

test('an interaction that arrives twice is indexed once', async () => {
  await file.reserve({ interactionId: 'same' });
  await expect(file.reserve({ interactionId: 'same' })).rejects.toThrow('taken already');
  expect(indexed()).toEqual({ keys: 1, texts: 1, foxes: 1 });
});

/** What the index holds, as another reader of the file sees it. */
function indexed() {
  const db = new DatabaseSync(file.path, { readOnly: true });
  const count = (from: string) => db.prepare(`SELECT count(*) AS count FROM ${from}`).get()?.count;
  try {
    return {
      keys: count('prompt_keys'),
      texts: count('prompt_search'),
      foxes: count("prompt_search WHERE prompt_search MATCH 'fox'"),
    };
  } finally {
    db.close();
  }
}
