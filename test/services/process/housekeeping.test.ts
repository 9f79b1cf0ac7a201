import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFileStore } from '../../../src/services/images/file-store.ts';
import { filesBeside } from '../../../src/services/ledger/sqlite/files-beside.ts';
import { replacedName } from '../../../src/services/ledger/sqlite/replaced.ts';
import { createLogger } from '../../../src/services/log.ts';
import { startHousekeeping } from '../../../src/services/process/housekeeping.ts';
import { createLedgerFile, type LedgerFile } from '../ledger/ledger-file.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const START = 1_700_000_000_000;

let file: LedgerFile;
let elapsed: number;
let house: { stop(): Promise<void> };
beforeEach(() => {
  file = createLedgerFile();
  file.now = START;
  elapsed = 0;
});
afterEach(async () => {
  await house.stop();
  file.remove();
});

test('what was old enough at two looks an hour apart is deleted with its files, unless it is not over', async () => {
  const files = createFileStore(filesBeside(file.path), file.ledger.storedData.isUsed);
  await files.save('fox.png', Buffer.from('fox'));
  const references = [{ name: 'fox.png', source: 'discord' as const, url: null, file: 'fox.png' }];
  const old = await file.deliver({ references });
  const unfinished = await file.reserve({ references: [] });
  file.now = START + 31 * DAY;
  const rounds = keep();
  await rounds(2);
  expect(await file.ledger.generations.find(old)).not.toBeNull();
  elapsed = HOUR;
  await rounds(2);
  expect(await file.ledger.generations.find(old)).toBeNull();
  expect(await files.read('fox.png')).toBeNull();
  expect(await file.ledger.generations.find(unfinished)).not.toBeNull();
});

test.each([
  ['ahead at the first look', 31 * DAY, 0],
  ['ahead at the second look', 0, 31 * DAY],
])('a clock that is %s deletes nothing', async (_, first, second) => {
  const id = await file.deliver();
  file.now = START + first;
  const rounds = keep();
  await rounds(2);
  elapsed = HOUR;
  file.now = START + second;
  await rounds(2);
  expect(await file.ledger.generations.find(id)).not.toBeNull();
});

test('what a restore moved aside ages out like everything else, and nothing beside it', async () => {
  const [old, young, foreign] = [
    replacedName(file.path, new Date(START)),
    replacedName(file.path, new Date(START + 5 * DAY)),
    `${file.path}.replaced-by-hand`,
  ];
  for (const folder of [old, young, foreign]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'imagine.sqlite'), 'prompts');
  }
  file.now = START + 31 * DAY;
  const rounds = keep();
  await rounds(2);
  expect(existsSync(old)).toBe(true);
  elapsed = HOUR;
  await rounds(2);
  expect([old, young, foreign].map((folder) => existsSync(folder))).toEqual([false, true, true]);
});

/** Keeps house; the returned function waits for so many whole rounds. */
function keep(): (count: number) => Promise<void> {
  const emptyLog = vi.fn(file.ledger.emptyLog);
  house = startHousekeeping({
    ledger: { ...file.ledger, emptyLog },
    files: createFileStore(filesBeside(file.path), file.ledger.storedData.isUsed),
    retentionDays: 30,
    log: createLogger({ level: 'silent', secrets: [] }),
    now: () => file.now,
    elapsed: () => elapsed,
    roundEveryMs: 1,
  });
  return async (count) => {
    const before = emptyLog.mock.calls.length;
    await vi.waitFor(() => expect(emptyLog.mock.calls.length).toBeGreaterThan(before + count));
  };
}
