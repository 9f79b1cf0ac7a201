import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeProblemOf } from '../../../../src/services/ledger/error.ts';
import { NO_SETTINGS } from '../../../../src/services/request/settings.ts';
import { createLedgerFile, type LedgerFile } from '../ledger-file.ts';

let file: LedgerFile;
let other: DatabaseSync;
beforeEach(() => {
  file = createLedgerFile();
  other = new DatabaseSync(file.path);
  other.exec('BEGIN IMMEDIATE');
});
afterEach(() => {
  other.close();
  file.remove();
});

test('while another program holds the write lock, a write waits and everybody else goes on', async () => {
  const reserved = file.reserve();
  const settings = file.ledger.settings.save('ann', { ...NO_SETTINGS, notify: 'direct' });
  await delay(100);
  expect(await file.ledger.generations.unsettled()).toEqual([]);
  other.exec('COMMIT');
  const id = await reserved;
  await settings;
  expect(await file.ledger.generations.unsettled()).toEqual([id]);
  expect((await file.ledger.settings.of('ann')).notify).toBe('direct');
});

test('a write that still waits when the ledger is closed fails, and says that the ledger was busy', async () => {
  const reserved = file.reserve().catch(writeProblemOf);
  await delay(50);
  file.reopen();
  expect(await reserved).toBe('busy');
});

test('a row that breaks a constraint is a mistake and not a busy ledger', async () => {
  other.exec('COMMIT');
  const problem = file.reserve({ prompt: null, userId: null } as never).catch(writeProblemOf);
  expect(await problem).toBe('mistake');
});
