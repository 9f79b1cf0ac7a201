import { pbkdf2 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../../../src/services/ledger/ledger.ts';
import { openLedger } from '../../../../src/services/ledger/sqlite/ledger.ts';

let folder: string;
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-sync-'));
  ledger = openLedger({ path: join(folder, 'imagine.sqlite') });
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a write is on disk before libuv’s pool has time for it', async () => {
  await ledger.proveWritable();
  const done: string[] = [];
  const busy = Array.from({ length: 8 }, async () => {
    await promisify(pbkdf2)('secret', 'salt', 600_000, 64, 'sha512');
    done.push('pool');
  });
  await ledger.proveWritable();
  done.push('write');
  await Promise.all(busy);
  expect(done[0]).toBe('write');
});

test('everyone hears of their own write, however many there are at once', async () => {
  const writes = Array.from({ length: 200 }, (_, index) =>
    ledger.settings.save(String(index), { private: index % 2 === 0 }),
  );
  const saved = await Promise.all(writes);
  expect(saved.map((settings) => settings.private)).toEqual(writes.map((_, index) => index % 2 === 0));
});
