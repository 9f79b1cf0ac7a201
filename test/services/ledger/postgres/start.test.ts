import { readFileSync } from 'node:fs';
import pg from 'pg';
import { expect, test } from 'vitest';
import { LedgerError } from '../../../../src/services/ledger/error.ts';
import { openPostgresLedger } from '../../../../src/services/ledger/postgres/ledger.ts';
import { newDatabase, open } from './on-postgres.ts';

test('a database that is not there is named in one line, with the way out and no password', async () => {
  const url = new URL('nowhere', await newDatabase());
  url.password = 'secret';
  await expectRefusal(
    url.href,
    /^The database at postgres:\/\/bot@127\.0\.0\.1:\d+\/nowhere cannot be used \(.*does not exist\)\. Create that database/,
  );
});

test('a user without rights is told what it lacks', async () => {
  const url = new URL(await newDatabase());
  await execute(
    url.href,
    `CREATE ROLE ${url.pathname.slice(1)}_guest LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC`,
  );
  url.username = `${url.pathname.slice(1)}_guest`;
  await expectRefusal(url.href, /permission denied.*make it the owner of the database/);
});

test('a database that a newer bot has written is left as it is', async () => {
  const url = await newDatabase();
  await (await open(url)).ledger.close();
  await execute(url, 'UPDATE ledger_version SET version = 99');
  await expectRefusal(url, /written by a newer version of the bot \(schema 99, this one knows \d+\)/);
});

test('a server that is not up is waited for, and named in the end', async () => {
  const url = 'postgres://bot:secret@127.0.0.1:1/imagine';
  await expectRefusal(
    url,
    /^The database at postgres:\/\/bot@127\.0\.0\.1:1\/imagine cannot be used \(.*ECONNREFUSED/,
  );
  await expect(openPostgresLedger({ url, waitMs: 1200 })).rejects.toThrow(LedgerError);
});

test('a server without TLS is not used where TLS was asked for', async () => {
  const url = await newDatabase();
  await expectRefusal(`${url}?sslmode=require`, /does not support SSL/);
});

test('a second start finds everything as the first one left it', async () => {
  const url = await newDatabase();
  const first = await open(url);
  await first.ledger.settings.save('ann', { notifyAfterSeconds: 7 });
  await first.ledger.close();
  const second = await open(url);
  expect((await second.ledger.settings.of('ann')).notifyAfterSeconds).toBe(7);
  await second.ledger.close();
});

test('a database of the first version keeps its rows, and takes answers in words', async () => {
  const url = await newDatabase();
  const first = new URL('../../../../src/services/ledger/postgres/migrations/0001.sql', import.meta.url);
  await execute(
    url,
    `${readFileSync(first, 'utf8')};
     CREATE TABLE ledger_version (version INTEGER NOT NULL); INSERT INTO ledger_version VALUES (1);
     INSERT INTO generations (id, interaction_id, application_id, token_at, user_id, private, adapted, named, lasting,
       locale, attachment_size_limit, prompt, model, ratio, resolution, transparent, count, tool, tool_factor, created_at)
       VALUES ('g-1', 'i-1', 'app', 1, 'ann', 0, 0, 1, 1, 'en-US', 1000, 'a fox', 'gpt-image-2', 'auto', '1k', 0, 1,
         'upscale', 4, 1);
     INSERT INTO tasks (id, generation_id, state) VALUES ('t-1', 'g-1', 'delivered')`,
  );
  const { ledger } = await open(url);
  const found = await ledger.generations.find('g-1');
  expect(found?.generation.request).toMatchObject({ prompt: 'a fox', tool: { name: 'upscale', factor: 4 } });
  expect(found?.tasks).toMatchObject([{ id: 't-1', state: 'delivered', answer: null }]);
  await ledger.close();
});

async function expectRefusal(url: string, words: RegExp): Promise<void> {
  const error = await open(url).catch((error) => error);
  expect(error).toBeInstanceOf(LedgerError);
  expect(error.message).toMatch(words);
  expect(error.message).not.toContain('secret');
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
