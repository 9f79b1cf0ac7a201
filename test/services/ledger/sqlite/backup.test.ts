import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backUp, hasBackupOf } from '../../../../src/services/ledger/sqlite/backup.ts';
import { filesBeside } from '../../../../src/services/ledger/sqlite/files-beside.ts';
import { openLedger } from '../../../../src/services/ledger/sqlite/ledger.ts';
import { restore } from '../../../../src/services/ledger/sqlite/restore.ts';
import { createLedgerFile, type LedgerFile } from '../ledger-file.ts';

const NOON = new Date('2026-11-24T12:00:00Z');

let file: LedgerFile;
let into: string;
beforeEach(() => {
  file = createLedgerFile();
  into = join(mkdtempSync(join(tmpdir(), 'backups-')), 'of the bot');
});
afterEach(() => {
  file.remove();
  rmSync(join(into, '..'), { recursive: true });
});

test('a backup holds what the ledger holds and the files beside it, while the ledger is in use', async () => {
  const id = await file.reserve();
  keepFile('fox.png', 'bytes of a fox');
  keepFile('half.png.part', 'half of a fox');
  const folder = await backUp({ path: file.path, into, keep: 7, now: NOON });
  expect(folder).toBe(join(into, 'imagine-2026-11-24T12-00-00-000Z'));
  expect(readdirSync(folder).sort()).toEqual(['imagine.sqlite', 'imagine.sqlite-files']);
  expect(readdirSync(join(folder, 'imagine.sqlite-files'))).toEqual(['fox.png']);
  expect(await unsettledIn(folder)).toEqual([id]);
});

test('a ledger that is written to without a pause can be backed up all the same', async () => {
  execute(
    file.path,
    `BEGIN; CREATE TABLE load (text TEXT); ${'INSERT INTO load VALUES (zeroblob(4000));'.repeat(1000)} COMMIT`,
  );
  const writer = spawn(process.execPath, ['-e', WRITE_FOR_EVER, file.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(writer.stdout, 'data');
    const folder = await backUp({ path: file.path, into, keep: 7, now: NOON });
    expect(await unsettledIn(folder)).toEqual([]);
  } finally {
    writer.kill('SIGKILL');
    await once(writer, 'exit');
  }
});

test('nobody else on the machine can read a backup', async () => {
  keepFile('fox.png', 'bytes of a fox');
  const folder = await backUp({ path: file.path, into, keep: 7, now: NOON });
  const modes = ['', 'imagine.sqlite', 'imagine.sqlite-files', 'imagine.sqlite-files/fox.png'].map((name) =>
    (statSync(join(folder, name)).mode & 0o777).toString(8),
  );
  expect(modes).toEqual(['700', '600', '700', '600']);
});

test('the newest backups stay, and what else is in their folder', async () => {
  mkdirSync(join(into, 'imagine-notes'), { recursive: true });
  mkdirSync(join(into, 'imagine-2026-11-23T12-00-00-000Z.part'));
  for (const hour of [1, 2, 3]) {
    await backUp({ path: file.path, into, keep: 2, now: new Date(NOON.getTime() + hour * 3_600_000) });
  }
  expect(readdirSync(into).sort()).toEqual([
    'imagine-2026-11-24T14-00-00-000Z',
    'imagine-2026-11-24T15-00-00-000Z',
    'imagine-notes',
  ]);
});

test('a day has its backup once one is finished', async () => {
  const midnight = new Date('2026-11-25T00:00:00Z');
  expect(await hasBackupOf(NOON, into)).toBe(false);
  mkdirSync(join(into, 'imagine-2026-11-24T11-00-00-000Z.part'), { recursive: true });
  expect(await hasBackupOf(NOON, into)).toBe(false);
  await backUp({ path: file.path, into, keep: 7, now: NOON });
  expect(await hasBackupOf(NOON, into)).toBe(true);
  expect(await hasBackupOf(midnight, into)).toBe(false);
});

test('a ledger that is damaged is not taken for a backup', async () => {
  for (let number = 0; number < 20; number += 1) await file.reserve({ userId: String(number) });
  await file.whileClosed(async () => {
    const bytes = readFileSync(file.path);
    bytes.fill(0xff, 4096, 4096 * 8);
    writeFileSync(file.path, bytes);
    await expect(backUp({ path: file.path, into, keep: 7, now: NOON })).rejects.toThrow(
      /^The (ledger at .+ is damaged|backup of .+ failed \(.*malformed)/,
    );
    rmSync(file.path);
  });
  expect(readdirSync(into)).toEqual([]);
});

test('where there is no ledger, the backup says so', async () => {
  const path = join(into, 'nowhere.sqlite');
  await expect(backUp({ path, into, keep: 7, now: NOON })).rejects.toThrow(
    /There is no ledger at .*DATABASE_PATH/,
  );
});

test('a restored ledger is that of the backup, and what it replaces is kept aside', async () => {
  const before = await file.reserve();
  keepFile('before.png', 'before');
  const folder = await backUp({ path: file.path, into, keep: 7, now: NOON });
  const after = await file.reserve();
  keepFile('after.png', 'after');
  const aside = await restoreFrom(folder);
  expect(await file.ledger.generations.unsettled()).toEqual([before]);
  expect(readdirSync(filesBeside(file.path))).toEqual(['before.png']);
  expect(await unsettledIn(aside ?? '')).toEqual([before, after]);
  expect(readdirSync(join(aside ?? '', 'imagine.sqlite-files')).sort()).toEqual(['after.png', 'before.png']);
});

test('what waited to be sent when the backup was made is not sent again: it may have been meanwhile', async () => {
  const id = await file.reserve();
  const folder = await backUp({ path: file.path, into, keep: 7, now: NOON });
  await restoreFrom(folder);
  expect(await file.ledger.generations.find(id)).toMatchObject({ tasks: [{ state: 'submitting' }] });
});

test('a ledger that is in use is not replaced', async () => {
  const folder = await backUp({ path: file.path, into, keep: 7, now: NOON });
  await file.reserve();
  await expect(restore({ path: file.path, from: folder, now: NOON })).rejects.toThrow(
    /Another process uses this ledger/,
  );
  expect(await file.ledger.generations.unsettled()).toHaveLength(1);
});

test.each([
  ['is none', () => undefined, /is not a backup: it has no imagine\.sqlite/],
  [
    'is not a database',
    (backup: string) => writeFileSync(backup, 'x'.repeat(4096)),
    /could not be restored \(file is not a database\)/,
  ],
  [
    'a newer bot made',
    (backup: string) => execute(backup, 'PRAGMA user_version = 1000'),
    /written by a newer version of the bot/,
  ],
])('a backup that %s leaves everything as it was', async (_, prepare, problem) => {
  const id = await file.reserve();
  mkdirSync(into);
  prepare(join(into, 'imagine.sqlite'));
  await file.whileClosed(async () => {
    const there = readdirSync(join(file.path, '..')).sort();
    await expect(restore({ path: file.path, from: into, now: NOON })).rejects.toThrow(problem);
    expect(readdirSync(join(file.path, '..')).sort()).toEqual(there);
  });
  expect(await file.ledger.generations.unsettled()).toEqual([id]);
});

function execute(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

const WRITE_FOR_EVER = `
  const db = new (require('node:sqlite').DatabaseSync)(process.argv[1], { timeout: 5000 });
  const write = db.prepare('UPDATE load SET text = text WHERE rowid = 1');
  console.log('writing');
  for (;;) write.run();
`;

async function restoreFrom(folder: string): Promise<string | null> {
  let aside: string | null = null;
  await file.whileClosed(async () => {
    aside = await restore({ path: file.path, from: folder, now: NOON });
  });
  return aside;
}

function keepFile(name: string, content: string): void {
  mkdirSync(filesBeside(file.path), { recursive: true });
  writeFileSync(join(filesBeside(file.path), name), content);
}

async function unsettledIn(folder: string): Promise<string[]> {
  const ledger = openLedger({ path: join(folder, 'imagine.sqlite') });
  try {
    return await ledger.generations.unsettled();
  } finally {
    ledger.close();
  }
}
