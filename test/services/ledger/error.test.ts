import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unusable } from '../../../src/services/ledger/error.ts';

let path: string;
let db: DatabaseSync;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'unusable-')), 'imagine.sqlite');
  db = new DatabaseSync(path);
  db.exec('CREATE TABLE rows (text TEXT)');
});
afterEach(() => {
  db.close();
  rmSync(join(path, '..'), { recursive: true });
});

test('a ledger that cannot be opened for want of room says to make room', () => {
  db.exec('PRAGMA max_page_count = 2');
  expect(why('INSERT INTO rows VALUES (hex(zeroblob(100000)))')).toMatch(
    /cannot be used \(database or disk is full\)\. Make room on its disk\.$/,
  );
});

test('one that another program holds says so, and what to look for', () => {
  const other = new DatabaseSync(path);
  other.exec('BEGIN EXCLUSIVE');
  expect(why('SELECT * FROM rows')).toMatch(/\(database is locked\)\. Another program holds it: .*sqlite3/);
  other.close();
});

test('one that may not be written says to check who may', () => {
  db.exec('PRAGMA query_only = ON');
  expect(why('DELETE FROM rows')).toMatch(/Check DATABASE_PATH and who may write there\.$/);
});

function why(sql: string): string {
  try {
    db.exec(sql);
  } catch (error) {
    return unusable(path, error).message;
  }
  throw new Error('nothing was in the way');
}
