import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { notWritten } from '../../../src/commands/not-written.ts';
import { textFor } from '../../../src/commands/text/index.ts';
import { createLedgerTrouble, type LedgerTrouble } from '../../../src/services/ledger/trouble.ts';

let elapsed: number;
let lines: { level: number; msg: string }[];
let trouble: LedgerTrouble;
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
beforeEach(() => {
  elapsed = 0;
  lines = [];
  trouble = createLedgerTrouble(() => elapsed);
});

test('a whole stall has one line in the log, and the next one has its own', () => {
  const busy = errorOf(locked);
  for (let request = 0; request < 50; request += 1) {
    expect(trouble.report(busy, log)).toBe('busy');
    elapsed += 2000;
  }
  expect(lines).toHaveLength(1);
  expect(lines[0]?.msg).toContain('another program holds the ledger');
  elapsed += 60_000;
  trouble.report(busy, log);
  expect(lines).toHaveLength(2);
});

test('each mistake of the bot’s own has its line', () => {
  for (const _ of [1, 2]) trouble.report(errorOf(broken), log);
  expect(lines).toHaveLength(2);
});

test.each([
  ['another program holds the ledger', locked, /busy.*ask again in a moment/i, /稍后|片刻/],
  ['the disk is full', full, /can’t write to its disk/, /磁盘/],
  ['the bot is mistaken', broken, /nothing was started or charged.*log as 12345678/, /12345678/],
])('where %s, the person hears of that and not of something else', (_, fail, english, chinese) => {
  const interaction = { id: '99999912345678' };
  const problem = trouble.report(errorOf(fail), log);
  expect(notWritten(problem, interaction, textFor('en-US'))).toMatch(english);
  expect(notWritten(problem, interaction, textFor('zh-CN'))).toMatch(chinese);
});

function errorOf(fail: () => void): unknown {
  try {
    fail();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

function locked(): void {
  const name = 'file:stall?mode=memory&cache=shared';
  const [holder, other] = [new DatabaseSync(name), new DatabaseSync(name)];
  try {
    holder.exec('CREATE TABLE names (name TEXT); BEGIN IMMEDIATE; INSERT INTO names VALUES (1)');
    other.exec('BEGIN IMMEDIATE');
  } finally {
    holder.close();
    other.close();
  }
}

function full(): void {
  const db = new DatabaseSync(':memory:');
  db.exec(
    'CREATE TABLE blobs (bytes BLOB); PRAGMA max_page_count = 3; INSERT INTO blobs VALUES (zeroblob(100000))',
  );
}

function broken(): void {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE names (name TEXT NOT NULL); INSERT INTO names VALUES (NULL)');
}
