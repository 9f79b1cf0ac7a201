import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLedgerFile, type LedgerFile } from '../ledger-file.ts';

let file: LedgerFile;
beforeEach(() => {
  file = createLedgerFile();
});
afterEach(() => file.remove());

test('no word of a deleted prompt is left in any file of the ledger', async () => {
  await file.deliver({ userId: 'bob', request: { prompt: 'something that stays' } });
  await file.deliver({ userId: 'ann', request: { prompt: 'zyzzyva qwertzuiop 雪狐' } });
  expect(bytes()).toContain('zyzzyva');
  await file.ledger.storedData.forget('ann');
  expect(await file.ledger.emptyLog()).toBe(true);
  expect(bytes()).toContain('something');
  for (const word of ['zyzzyva', 'qwertzuiop', '雪']) {
    expect(bytes()).not.toContain(Buffer.from(word).toString('latin1'));
  }
});

test('while another process reads, the log is not emptied, and nobody is kept waiting for it', async () => {
  await file.deliver({ userId: 'ann' });
  const reader = new DatabaseSync(file.path, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM generations').get();
  await file.ledger.storedData.forget('ann');
  expect(await file.ledger.emptyLog()).toBe(false);
  reader.close();
  expect(await file.ledger.emptyLog()).toBe(true);
});

test('a deletion that a dying process has begun is gone on with', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1) ids.push(await file.deliver({ userId: 'ann' }));
  await file.whileClosed(async () => {
    const db = new DatabaseSync(file.path);
    db.prepare('INSERT INTO forgetting VALUES (?, ?)').run('ann', String(ids[3]));
    db.close();
  });
  const { storedData } = file.ledger;
  expect(await storedData.begun()).toEqual(['ann']);
  expect((await storedData.goOnForgetting('ann')).generations).toBe(4);
  expect(await storedData.begun()).toEqual([]);
  expect(await storedData.idsOf('ann')).toEqual([ids[4]]);
});

function bytes(): string {
  return ['', '-wal', '-shm']
    .map((end) => file.path + end)
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path).toString('latin1'))
    .join('');
}
