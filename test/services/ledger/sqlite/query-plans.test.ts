import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test, vi } from 'vitest';
import { createLedgerFile } from '../ledger-file.ts';

/** They hold a few rows, however long the bot is used: one for each kind, or a hundred for each; or
 * they are what a query has narrowed down before. */
const SMALL = [
  'warnings',
  'durations',
  'forgetting',
  'processes',
  'json_each',
  'catalog_prices',
  'open_tasks',
];
/** They hold only what is under way. */
const PARTIAL_INDEXES = ['generations_unsettled', 'generations_open_of_user', 'generations_open_of_guild'];

afterEach(() => vi.restoreAllMocks());

test('no statement of the ledger reads all rows of a table that grows', () => {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const file = createLedgerFile();
  const texts = new Set(prepare.mock.calls.map(([sql]) => sql).filter((sql) => !sql.startsWith('PRAGMA')));
  vi.restoreAllMocks();
  const db = new DatabaseSync(file.path);
  // It belongs to a connection.
  db.exec('CREATE TEMP TABLE processes (id TEXT PRIMARY KEY, alive_until INTEGER)');
  expect(texts.size).toBeGreaterThan(50);
  expect([...texts].flatMap((sql) => fullScans(db, sql))).toEqual([]);
  db.close();
  file.remove();
});

test('neither do the statements of its triggers, nor what goes with a row that is deleted', () => {
  const file = createLedgerFile();
  const db = new DatabaseSync(file.path);
  const triggers = db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").all();
  const texts = triggers.flatMap(({ sql }) => statementsOf(String(sql)));
  expect(texts.length).toBeGreaterThan(5);
  expect(texts.flatMap((sql) => fullScans(db, sql))).toEqual([]);
  const children = db.prepare(`SELECT children.name AS "table", "from" AS "column"
    FROM sqlite_schema AS children, pragma_foreign_key_list(children.name) WHERE children.type = 'table'`);
  const references = children.all().map(({ table, column }) => `SELECT 1 FROM ${table} WHERE ${column} = ?`);
  expect(references.length).toBeGreaterThan(2);
  expect(references.flatMap((sql) => fullScans(db, sql))).toEqual([]);
  db.close();
  file.remove();
});

/** A trigger's statements, with parameters in the place of its row. */
function statementsOf(trigger: string): string[] {
  const [, body = ''] = /\bBEGIN\b(.*)\bEND\b/s.exec(trigger) ?? [];
  const statements = body.split(';').map((sql) => sql.trim());
  return statements.filter((sql) => sql !== '').map((sql) => sql.replaceAll(/\b(?:new|old)\.(\w+)/g, ':$1'));
}

function fullScans(db: DatabaseSync, sql: string): string[] {
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  const details = plan.map(({ detail }) => String(detail)).filter(isFullScan);
  return details.map((detail) => `${detail}: ${sql}`);
}

function isFullScan(detail: string): boolean {
  const [, table, index = ''] = /^SCAN (\w+)(?:.* INDEX (\w+))?/.exec(detail) ?? [];
  // A statement that consists of others has one row of its own. In brackets are the plan's names for what it has narrowed
  // down before.
  if (detail === 'SCAN CONSTANT ROW') return false;
  return table !== undefined && !SMALL.includes(table) && !PARTIAL_INDEXES.includes(index);
}
