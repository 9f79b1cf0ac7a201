import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVERYTHING } from '../../../../src/services/ledger/history.ts';
import { openLedger } from '../../../../src/services/ledger/sqlite/ledger.ts';

const GENERATIONS = 10_000;
const ROWS = `
  WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${GENERATIONS})
  INSERT INTO generations SELECT 'g-' || n, 'i-' || n, 'app', NULL, n, 'ann', NULL, NULL, NULL, NULL, NULL, 0, 'de', 1000,
    n || ' red foxes in the snow', 'gpt-image-2', '16:9', '4k', 'high', n, n, NULL, n FROM numbers;
  INSERT INTO tasks SELECT 't-' || id, id, 'delivered', 's-' || id, 'https://x.example/1.png', NULL, NULL, NULL, 1, 1, 1
    FROM generations;
  PRAGMA user_version = 1;
`;
/** Opens the ledger, and dies when most prompts are in the index that a step of the migration builds. */
const DYING = `
  import { DatabaseSync } from 'node:sqlite';
  const define = DatabaseSync.prototype.function;
  DatabaseSync.prototype.function = function (name, options, work) {
    // With little room in memory, what it has done so far stands in the log on disk.
    this.exec('PRAGMA cache_size = 10');
    let calls = 0;
    define.call(this, name, options, (text) => {
      calls += 1;
      if (calls > ${GENERATIONS - 100}) process.kill(process.pid, 'SIGKILL');
      return work(text);
    });
  };
  const { openLedger } = await import(process.env.LEDGER);
  openLedger({ path: process.env.DATABASE });
`;

let path: string;
let lines: { msg: string; from?: number; to?: number }[];
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
beforeEach(() => {
  lines = [];
  path = join(mkdtempSync(join(tmpdir(), 'large-')), 'imagine.sqlite');
  const db = new DatabaseSync(path);
  db.exec(readFileSync(new URL('schema-1.sql', import.meta.url), 'utf8'));
  db.exec(ROWS);
  db.close();
});
afterEach(() => rmSync(join(path, '..'), { recursive: true }));

test('the log says that the ledger is brought up to date, before and after, and nothing of one that is', () => {
  openLedger({ path, log }).close();
  expect(lines.map(({ msg }) => msg)).toEqual([
    expect.stringContaining('is brought up to date'),
    'the ledger is up to date',
  ]);
  expect(lines[1]).toMatchObject({ from: 1, to: expect.any(Number), tookMs: expect.any(Number) });
  openLedger({ path, log }).close();
  openLedger({ path: join(path, '..', 'new.sqlite'), log }).close();
  expect(lines).toHaveLength(2);
});

test('a process that dies in the middle leaves a ledger that the next one brings up to date', async () => {
  const LEDGER = new URL('../../../../src/services/ledger/sqlite/ledger.ts', import.meta.url).href;
  const died = spawnSync(process.execPath, ['--input-type=module', '--eval', DYING], {
    env: { ...process.env, LEDGER, DATABASE: path },
  });
  expect(died.signal, died.stderr.toString()).toBe('SIGKILL');
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(100_000);
  const ledger = openLedger({ path, log });
  expect(lines[0]).toMatchObject({ from: 1 });
  expect((await ledger.storedData.summary('ann')).generations).toBe(GENERATIONS);
  const { items } = await ledger.history.sheet('ann', { ...EVERYTHING, search: '9999' }, null);
  expect(items.map(({ generation }) => generation.id)).toEqual(['g-9999']);
  ledger.close();
});
