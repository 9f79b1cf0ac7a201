import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { moveLedger } from '../../../../src/services/ledger/move/index.ts';
import { TABLES } from '../../../../src/services/ledger/move/rows.ts';
import { connectionOptions } from '../../../../src/services/ledger/postgres/address.ts';
import { openPostgresLedger } from '../../../../src/services/ledger/postgres/ledger.ts';
import { createDatabase } from '../../../support/postgres.ts';
import { createLedgerFile, type LedgerFile } from '../ledger-file.ts';
import { reservation } from '../requests.ts';

let file: LedgerFile;
let to: string;
beforeEach(async () => {
  file = createLedgerFile();
  to = await createDatabase(inject('postgres')?.url ?? '');
});
afterEach(() => file.remove());

test('every row and every file arrives as it is', async () => {
  await fill();
  const moved = await move();
  expect(moved).toMatchObject({ generations: 2, tasks: 4, drafts: 1, settings: 1, files: 2 });
  for (const table of TABLES) expect(await inPostgres(table), table).toEqual(inSqlite(table));
  expect(await rows('SELECT name, bytes FROM files ORDER BY name')).toEqual([
    { name: 'a.png', bytes: Buffer.from([0, 1, 255]) },
    { name: 'b.webp', bytes: Buffer.alloc(0) },
  ]);
});

test('no table of the SQLite ledger is forgotten', () => {
  const db = new DatabaseSync(file.path);
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  db.close();
  expect(
    names
      .map(({ name }) => name)
      .filter((name) => !String(name).startsWith('sqlite_'))
      .sort(),
  ).toEqual(TABLES.toSorted());
});

test('the bot goes on with a ledger that was moved', async () => {
  await fill();
  await move();
  const { ledger } = await openPostgresLedger({ url: to, now: () => 2_000 });
  await ledger.durations.add('another kind', { tookMs: 5, foretoldMs: null });
  const [unsettled] = await ledger.generations.unsettled();
  expect(await ledger.generations.find(unsettled as never)).not.toBeNull();
  await ledger.close();
});

test('a prompt with a sign that PostgreSQL has not arrives without it', async () => {
  await file.reserve({ request: { prompt: 'a \0fox' } });
  await move();
  expect(await rows('SELECT prompt FROM generations')).toEqual([{ prompt: 'a fox' }]);
});

test('a move may be made again as long as no bot has used the database, and brings what has changed since', async () => {
  await fill();
  await move();
  await file.deliver({ userId: 'somebody else' });
  expect(await move()).toMatchObject({ generations: 3, files: 2 });
  expect(await inPostgres('generations')).toEqual(inSqlite('generations'));
});

test.each([
  ['a generation that has gone on', "UPDATE tasks SET state = 'submitting' WHERE state = 'reserved'"],
  ['a generation that is gone', 'DELETE FROM generations WHERE settled_at IS NULL'],
  ['a setting that a person has changed', "UPDATE settings SET notify = 'off'"],
])('a database with %s is refused, and stays as it is', async (_, use) => {
  await fill();
  await move();
  await rows(use);
  const before = await inPostgres('tasks');
  await expect(move()).rejects.toThrow(/holds the ledger of a bot that was used/);
  expect(await inPostgres('tasks')).toEqual(before);
});

test('a ledger that a bot uses is refused, and nothing arrives', async () => {
  await fill();
  await expect(moveLedger({ from: file.path, to })).rejects.toThrow(/Another process uses this ledger/);
  await expect(moveLedger({ from: `${file.path}-gone`, to })).rejects.toThrow(/There is no ledger at/);
  await expect(rows('SELECT 1 FROM generations')).rejects.toThrow(/does not exist/);
});

test('where not everything arrives, nothing has', async () => {
  await fill();
  await (await openPostgresLedger({ url: to })).ledger.close();
  await rows('CREATE RULE lossy AS ON INSERT TO drafts DO INSTEAD NOTHING');
  await expect(move()).rejects.toThrow('Of 1 rows of drafts, 0 arrived. Nothing was moved; try again.');
  expect(await rows('SELECT 1 FROM generations')).toEqual([]);
});

test('a database that cannot be reached is named without its password', async () => {
  const url = new URL(to);
  url.password = 'a-secret';
  url.port = '1';
  await file.whileClosed(() =>
    expect(moveLedger({ from: file.path, to: url.href })).rejects.toThrow(
      /^The database at postgres:\/\/bot@127\.0\.0\.1:1\/\w+ cannot be used \(.*ECONNREFUSED/,
    ),
  );
});

async function fill(): Promise<void> {
  await file.reserve({ request: { count: 3 }, guildId: 'a server', cost: 0.25 });
  await file.deliver();
  await file.ledger.settings.save('300', { notify: 'direct' });
  await file.ledger.drafts.save('300', {
    request: reservation.request,
    references: [{ name: 'a.png', source: 'discord', url: null, file: 'a.png' }],
    private: false,
    adapted: false,
    parentId: null,
    parentUrl: null,
  });
  await file.ledger.durations.add('a kind', { tookMs: 1234, foretoldMs: 1000 });
  mkdirSync(`${file.path}-files`, { recursive: true });
  writeFileSync(join(`${file.path}-files`, 'a.png'), Buffer.from([0, 1, 255]));
  writeFileSync(join(`${file.path}-files`, 'b.webp'), '');
  writeFileSync(join(`${file.path}-files`, 'c.png.part'), 'half');
}

async function move() {
  let moved = {};
  await file.whileClosed(async () => {
    moved = await moveLedger({ from: file.path, to });
  });
  return moved;
}

async function inPostgres(table: string): Promise<string[]> {
  return inOneOrder(await rows(`SELECT * FROM ${table}`));
}

function inSqlite(table: string): string[] {
  const db = new DatabaseSync(file.path);
  try {
    const found = db.prepare(`SELECT * FROM ${table}`).all();
    // The process that held them is gone.
    return inOneOrder(found.map((row) => ('lease_owner' in row ? { ...row, lease_owner: null } : row)));
  } finally {
    db.close();
  }
}

function inOneOrder(found: readonly object[]): string[] {
  return found.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connectionOptions(to));
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
