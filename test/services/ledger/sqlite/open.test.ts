import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../../../src/services/ledger/ledger.ts';
import { openLedger } from '../../../../src/services/ledger/sqlite/ledger.ts';

let folder: string;
let ledger: Ledger;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  ledger = open();
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

test('a second process is told that the ledger is taken', () => {
  expect(() => open()).toThrow(/Another process uses this ledger/);
});

test('a second process is told so under another name of the file, too', () => {
  const link = join(folder, 'link.sqlite');
  symlinkSync(path(), link);
  expect(() => openLedger({ path: link })).toThrow(/Another process uses this ledger/);
});

test('a file that somebody else holds for a moment, such as a backup, is waited for', async () => {
  ledger.close();
  const holder = new Worker(HOLD_FOR_A_MOMENT, { eval: true, workerData: path() });
  await once(holder, 'message');
  ledger = open();
  expect(await ledger.generations.unsettled()).toEqual([]);
  await holder.terminate();
});

const HOLD_FOR_A_MOMENT = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const db = new DatabaseSync(workerData);
  db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA user_version');
  parentPort.postMessage('held');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  db.exec('COMMIT');
  db.close();
`;

test.each([
  ['is a folder', () => join(folder, 'data')],
  ['lies in what is no folder', () => join(path(), 'below-a-file.sqlite')],
  [
    'is not a database',
    () => {
      const other = join(folder, 'other.sqlite');
      writeFileSync(other, 'x'.repeat(4096));
      return other;
    },
  ],
])('a path that %s is named, with what is wrong', (_, made) => {
  expect(() => openLedger({ path: made() })).toThrow(
    /^The ledger at .+ cannot be used \(.+\)\. Check DATABASE_PATH/,
  );
});

test('a file from a newer version is refused, and left as it is', () => {
  ledger.close();
  const file = new DatabaseSync(path());
  file.exec('PRAGMA user_version = 99');
  file.close();
  expect(() => open()).toThrow(/written by a newer version of the bot \(schema 99/);
  rmSync(folder, { recursive: true });
  ledger = open();
});

function path(): string {
  return join(folder, 'data', 'imagine.sqlite');
}

function open(): Ledger {
  return openLedger({ path: path() });
}
