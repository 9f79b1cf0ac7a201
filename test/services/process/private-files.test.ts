import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFileStore } from '../../../src/services/images/file-store.ts';
import { openLedger } from '../../../src/services/ledger/sqlite/ledger.ts';
import { closeToOthers, warnOfOpenSecrets } from '../../../src/services/process/private-files.ts';

const log = { warn: vi.fn() };
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'private-'));
  chmodSync(folder, 0o755);
  path = join(folder, 'imagine.sqlite');
  log.warn.mockClear();
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (file: string) => `0${(statSync(file).mode & 0o777).toString(8)}`;

test('what an earlier version left open to other users is closed to them, while the ledger is open', () => {
  const ledger = openLedger({ path });
  mkdirSync(`${path}-files`);
  writeFileSync(join(`${path}-files`, 'a.png'), 'a');
  const files = [path, `${path}-wal`, `${path}-shm`, `${path}.lock`, join(`${path}-files`, 'a.png')];
  for (const file of files) chmodSync(file, 0o664);
  chmodSync(`${path}-files`, 0o775);

  closeToOthers(path, log);
  expect(files.map(modeOf)).toEqual(files.map(() => '0600'));
  expect(modeOf(`${path}-files`)).toBe('0700');
  // It may be there for more than the bot.
  expect(modeOf(folder)).toBe('0755');
  expect(log.warn).not.toHaveBeenCalled();
  ledger.close();
});

test('a ledger that is named by a link is closed under its own name', () => {
  const link = join(folder, 'link.sqlite');
  symlinkSync(path, link);
  writeFileSync(path, '');
  writeFileSync(`${path}-wal`, '');
  for (const file of [path, `${path}-wal`]) chmodSync(file, 0o644);
  closeToOthers(link, log);
  expect([modeOf(path), modeOf(`${path}-wal`)]).toEqual(['0600', '0600']);
});

test('what another user owns is left as it is, and said', () => {
  writeFileSync(path, '');
  chmodSync(path, 0o644);
  const owner = statSync(path).uid;
  closeToOthers(path, log, owner + 1);
  expect(modeOf(path)).toBe('0644');
  expect(log.warn).toHaveBeenCalledExactlyOnceWith(
    { files: [{ path, why: `user ${owner} owns it` }] },
    expect.stringMatching(/^other users of this machine can read 1 of the ledger's files/),
  );
});

test('a ledger that is not there yet is nothing to close', () => {
  closeToOthers(path, log);
  expect(log.warn).not.toHaveBeenCalled();
});

test('kept images are for their owner alone, whatever the folder is', async () => {
  mkdirSync(`${path}-files`, { mode: 0o755 });
  await createFileStore(`${path}-files`, async () => true).save('a.png', Buffer.from('a'));
  expect(modeOf(join(`${path}-files`, 'a.png'))).toBe('0600');
});

test.each([
  ['by everybody', 0o644, 1],
  ['by its group', 0o640, 1],
  ['by its owner alone', 0o600, 0],
])('.env that can be read %s', (_, mode, warnings) => {
  const env = join(folder, '.env');
  writeFileSync(env, 'DISCORD_TOKEN=x');
  chmodSync(env, mode);
  warnOfOpenSecrets(env, log);
  expect(log.warn.mock.calls.map(([, words]) => words)).toEqual(
    Array(warnings).fill(
      `other users of this machine can read ${env}, and the secrets in it: chmod 600 ${env}`,
    ),
  );
});
