import { readFileSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLedgerFile, type LedgerFile } from '../ledger-file.ts';

const PROMPT = 'zyzzyva '.repeat(30_000);

let file: LedgerFile;
let reader: DatabaseSync;
beforeEach(async () => {
  file = createLedgerFile();
  reader = new DatabaseSync(file.path, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM generations').get();
  for (let index = 0; index < 50; index += 1) {
    await file.deliver({ userId: 'ann', request: { prompt: PROMPT } });
  }
  expect(logBytes()).toBeGreaterThan(8 * 1024 * 1024);
});
afterEach(() => {
  if (reader.isOpen) reader.close();
  file.remove();
});

test('what another process kept from leaving the log is moved by a thread of its own, so that no commit is slow', async () => {
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  reader.close();
  await file.deliver();
  await vi.waitFor(() => expect(logBytes()).toBe(0), { timeout: 30_000 });
  const here = [...exec.mock.calls, ...prepare.mock.calls]
    .flat()
    .filter((sql) => String(sql).includes('wal_checkpoint'));
  vi.restoreAllMocks();
  expect(here).toEqual([]);
  // From then on commits keep it short again.
  for (let index = 0; index < 30; index += 1) await file.deliver({ request: { prompt: PROMPT } });
  expect(logBytes()).toBeLessThan(4 * 1024 * 1024);
});

test('what is deleted meanwhile is gone once nobody reads any more', async () => {
  await file.ledger.storedData.forget('ann');
  expect(await file.ledger.emptyLog()).toBe(false);
  reader.close();
  await vi.waitFor(async () => expect(await file.ledger.emptyLog()).toBe(true), { timeout: 30_000 });
  expect(logBytes()).toBe(0);
  expect(readFileSync(file.path).includes('zyzzyva')).toBe(false);
});

test('what is only old waits until nobody reads: deleted now, it would fill the disk with the log', async () => {
  const { storedData } = file.ledger;
  expect((await storedData.forgetBefore(Number.MAX_SAFE_INTEGER)).generations).toBe(0);
  reader.close();
  await vi.waitFor(async () => expect(await file.ledger.emptyLog()).toBe(true), { timeout: 30_000 });
  expect((await storedData.forgetBefore(Number.MAX_SAFE_INTEGER)).generations).toBe(50);
});

test('a ledger that is closed meanwhile opens again with everything in it', async () => {
  const id = await file.deliver();
  file.reopen();
  expect(await file.ledger.generations.find(id)).not.toBeNull();
});

function logBytes(): number {
  return statSync(`${file.path}-wal`).size;
}
