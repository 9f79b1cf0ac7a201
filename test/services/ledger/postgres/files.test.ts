import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRequests } from '../requests.ts';
import { newDatabase, open } from './on-postgres.ts';

let url: string;
let storage: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  url = await newDatabase();
  storage = await open(url);
});
afterEach(() => storage.ledger.close());

test('what is saved can be read until it is removed, byte by byte', async () => {
  const bytes = randomBytes(3_000_000);
  await storage.files.save('a.png', bytes);
  expect((await storage.files.read('a.png'))?.equals(bytes)).toBe(true);
  await storage.files.remove('a.png');
  expect(await storage.files.read('a.png')).toBeNull();
});

test('another process reads what this one has saved', async () => {
  await storage.files.save('a.png', Buffer.from('bytes'));
  const other = await open(url);
  expect(await other.files.read('a.png')).toEqual(Buffer.from('bytes'));
  await other.ledger.close();
});

test('a file that is not there, or no longer, is no error', async () => {
  expect(await storage.files.read('a.png')).toBeNull();
  await storage.files.remove('a.png');
  await storage.files.removeAll([]);
  await storage.files.removeAll(['a.png', 'b.png']);
});

test('what no row names is removed once it is an hour old: before that, its row may be on its way', async () => {
  const reference = { name: 'fox.png', source: 'discord', url: null, file: 'wanted.png' } as const;
  await createRequests({ ledger: storage.ledger, now: 1_000 }).reserve({ references: [reference] });
  for (const name of ['wanted.png', 'stray.png']) await storage.files.save(name, Buffer.from(name));
  expect(await storage.files.removeUnused()).toBe(0);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("UPDATE files SET saved_at = now() - INTERVAL '2 hours'");
  await client.end();
  expect(await storage.files.removeUnused()).toBe(1);
  expect(await storage.files.read('wanted.png')).not.toBeNull();
  expect(await storage.files.read('stray.png')).toBeNull();
});
