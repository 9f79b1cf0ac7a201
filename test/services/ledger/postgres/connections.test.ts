import pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DatabaseError, writeProblemOf } from '../../../../src/services/ledger/error.ts';
import type { Ledger } from '../../../../src/services/ledger/ledger.ts';
import { ANSWER_WITHIN_MS } from '../../../../src/services/ledger/postgres/address.ts';
import { startTcpProxy, type TcpProxy, throughProxy } from '../../../support/tcp-proxy.ts';
import { createRequests, type Requests, reservation } from '../requests.ts';
import { newDatabase, open } from './on-postgres.ts';

/** For the first answer to an interaction. */
const DISCORD_WAITS_MS = 3000;

let database: string;
let network: TcpProxy;
let ledger: Ledger;
let requests: Requests;
const logged: string[] = [];
beforeEach(async () => {
  logged.length = 0;
  const log = pino({ level: 'trace' }, { write: (text: string) => void logged.push(text) });
  database = await newDatabase();
  network = await startTcpProxy(Number(new URL(database).port));
  ledger = (await open(throughProxy(database, network), { log })).ledger;
  requests = createRequests({ ledger, now: 1_000 });
});
afterEach(async () => {
  await network.close();
  await ledger.close();
});

test('where the network swallows everything, whoever writes hears of it before Discord gives up', async () => {
  const id = await requests.reserve();
  network.swallow();
  const results = await Promise.allSettled([
    requests.reserve(),
    ledger.generations.settle(id, null, []),
    ledger.generations.find(id),
    // More than there are connections.
    ...Array.from({ length: 30 }, () => ledger.settings.save('ann', { notifyAfterSeconds: 1 })),
  ]);
  expect(ANSWER_WITHIN_MS).toBeLessThan(DISCORD_WAITS_MS);
  for (const result of results) {
    expect(result.status === 'rejected' && writeProblemOf(result.reason)).toBe('unreachable');
  }
});

test('a request that has waited for something else already is refused that much sooner, and not written', async () => {
  const since = performance.now() - ANSWER_WITHIN_MS;
  const late = await ledger.generations
    .reserve({ ...reservation, references: [] }, since)
    .catch(writeProblemOf);
  expect(late).toBe('busy');
  expect(await ledger.generations.unsettled()).toEqual([]);
});

test('what could not be reached is used again as soon as it can be', async () => {
  network.swallow();
  await expect(requests.reserve()).rejects.toThrow(DatabaseError);
  network.restore();
  await requests.reserve();
});

test('connections that broke while nobody used them are no trouble', async () => {
  await Promise.all(Array.from({ length: 10 }, () => ledger.settings.of('ann')));
  network.cut();
  await requests.reserve();
});

test('a connection that breaks in the midst of work is replaced, and the work done once', async () => {
  network.cutAt('INSERT INTO generations', 'after');
  const id = await requests.reserve();
  expect(await ledger.generations.unsettled()).toEqual([id]);
});

test('a request whose COMMIT was kept, though its answer got lost, is written and not written twice', async () => {
  network.cutAt('COMMIT\0', 'after');
  const id = await requests.reserve();
  expect(await ledger.generations.unsettled()).toEqual([id]);
});

test('a process that vanishes in the midst of a reservation does not keep others out for long', async () => {
  const other = (await open(database)).ledger;
  network.swallowAfter('INSERT INTO generations');
  const [vanished, reserved] = await Promise.allSettled([
    requests.reserve(),
    retryOften(() => createRequests({ ledger: other, now: 1_000 }).reserve({ interactionId: 'of another' })),
  ]);
  expect(vanished.status).toBe('rejected');
  expect(reserved).toMatchObject({ status: 'fulfilled' });
  expect(await other.generations.unsettled()).toHaveLength(1);
  await other.close();
});

test('a column that a newer bot adds while this one runs is no trouble', async () => {
  const id = await requests.reserve();
  await Promise.all(Array.from({ length: 10 }, () => ledger.generations.find(id)));
  await execute('ALTER TABLE generations ADD COLUMN of_the_future INTEGER');
  expect((await ledger.generations.find(id))?.generation.id).toBe(id);
});

test('a server that ends all connections, as at its restart, is used again at once', async () => {
  await Promise.all(Array.from({ length: 10 }, () => ledger.settings.of('ann')));
  await execute(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  await requests.reserve();
});

test('a database that cannot be reached keeps no process from its end', async () => {
  await ledger.settings.of('ann');
  network.swallow();
  await ledger.close();
});

test('the words for the log name the problem, the way out, and no password', async () => {
  network.swallow();
  const error = await requests.reserve().catch((error) => error);
  expect(error.message).toMatch(/the database cannot be reached.*check that it runs, and DATABASE_URL/);
  expect(JSON.stringify([error.message, error.cause?.message, logged])).not.toContain('secret');
});

test('what a database refuses for good is a mistake of the bot’s, and is not tried again', async () => {
  const error = await ledger.settings.save('ann', { notify: 'loudly' as 'off' }).catch((error) => error);
  expect(writeProblemOf(error)).toBe('mistake');
  expect(error.message).toContain('violates check constraint');
});

/** For longer than a transaction that nobody goes on with is kept. */
async function retryOften<T>(work: () => Promise<T>): Promise<T> {
  let asked = work();
  for (let tries = 1; tries < 5; tries += 1) asked = asked.catch(work);
  return asked;
}

async function execute(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  await client.query(sql);
  await client.end();
}
