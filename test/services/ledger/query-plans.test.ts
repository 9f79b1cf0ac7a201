import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test, vi } from 'vitest';
import { createLedgerFile } from './ledger-file.ts';

/** They hold a few rows, however long the bot is used: one for each kind, or a hundred for each. */
const SMALL = ['warnings', 'durations', 'forgetting', 'json_each'];
/** They hold only what is under way. */
const PARTIAL_INDEXES = ['generations_unsettled', 'generations_open_of_user', 'generations_open_of_guild'];

afterEach(() => vi.restoreAllMocks());

test('no statement of the ledger reads all rows of a table that grows', () => {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const file = createLedgerFile();
  const texts = new Set(prepare.mock.calls.map(([sql]) => sql).filter((sql) => !sql.startsWith('PRAGMA')));
  vi.restoreAllMocks();
  const db = new DatabaseSync(file.path);
  const scans = [...texts].flatMap((sql) => {
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    return plan
      .map(({ detail }) => String(detail))
      .filter(isFullScan)
      .map((detail) => `${detail}: ${sql}`);
  });
  db.close();
  file.remove();
  expect(texts.size).toBeGreaterThan(50);
  expect(scans).toEqual([]);
});

function isFullScan(detail: string): boolean {
  const [, table, index = ''] = /^SCAN (\w+)(?:.* INDEX (\w+))?/.exec(detail) ?? [];
  // In brackets are the plan's own names for what it has narrowed down before.
  return table !== undefined && !SMALL.includes(table) && !PARTIAL_INDEXES.includes(index);
}
