import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type BotOnSandbox, createsOf, image, startBotOnSandbox } from '../../support/bot-on-sandbox.ts';
import { imagine } from '../../support/generations.ts';
import { createDatabase, postgresMissing } from '../../support/postgres.ts';
import { startTcpProxy, type TcpProxy, throughProxy } from '../../support/tcp-proxy.ts';

const PASSWORD = 'a-password-of-no-use';

let database: string;
let network: TcpProxy;
let on: BotOnSandbox;

describe.skipIf(postgresMissing !== null)('on PostgreSQL', () => {
  beforeAll(async () => {
    database = await createDatabase(inject('postgres')?.url ?? '');
    const url = new URL(database);
    url.password = PASSWORD;
    network = await startTcpProxy(Number(url.port));
    on = await startBotOnSandbox({ env: { DATABASE_URL: throughProxy(url.href, network) } });
  });
  afterAll(async () => {
    const log = JSON.stringify(on.bot().log);
    await on.close();
    await network.close();
    expect(log).not.toContain(PASSWORD);
  });

  test('the log says where the ledger is', () => {
    expect(on.bot().log.map(({ msg }) => msg)).toContainEqual(
      expect.stringMatching(/the ledger is in PostgreSQL/),
    );
  });

  test('an image that comes while the database is away is shown all the same, and written down afterwards', async () => {
    const prompt = 'a fox in the dark';
    const asked = imagine(on, prompt);
    while ((await states(prompt))[0] !== 'running') await delay(20);
    network.swallow();
    await image(asked);
    network.restore();
    while ((await states(prompt))[0] !== 'delivered') await delay(20);
    expect(createsOf(on.jimmyAi, prompt)).toHaveLength(1);
  });

  test('a database that cannot be used ends the start with one line', async () => {
    const url = new URL('nowhere', throughProxy(database, network));
    await expect(on.start({ DATABASE_URL: url.href })).rejects.toThrow(
      /ended early \(1\): The bot cannot start: The database at postgres:\/\/bot@127\.0\.0\.1:\d+\/nowhere cannot be used/,
    );
  });
});

async function states(prompt: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const { rows } = await client.query(
    'SELECT state FROM tasks JOIN generations ON generations.id = generation_id WHERE prompt = $1',
    [prompt],
  );
  await client.end();
  return rows.map(({ state }) => state);
}
