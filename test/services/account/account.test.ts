import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { MockAgent } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Account, type News, watchAccount } from '../../../src/services/account/index.ts';
import { CALM_MS } from '../../../src/services/account/warnings.ts';
import { createJimmyAi, type JimmyAi } from '../../../src/services/jimmyai/client.ts';
import type { StoredWarning } from '../../../src/services/ledger/warnings.ts';
import { until } from '../../support/bot-on-sandbox.ts';
import { createLedgerFile, type LedgerFile } from '../ledger/ledger-file.ts';

const ORIGIN = 'https://jimmyai.test';
const API = '/api/open-api/v1';
const REFUSED = { code: '20001', msg: 'authentication failed' };
const MINUTE_MS = 60_000;

let agent: MockAgent;
let service: JimmyAi;
let file: LedgerFile;
let told: News[];
let account: Account | undefined;
let refusesDms: boolean;
let balancesAsked: number;
/** By how much somebody has set the clock, which is no time that passes. */
let clockSetBy: number;

beforeEach(() => {
  agent = new MockAgent();
  agent.disableNetConnect();
  service = createJimmyAi({
    baseUrl: ORIGIN,
    apiKey: 'key',
    dispatcher: agent,
    delay: async () => undefined,
  });
  balancesAsked = 0;
  clockSetBy = 0;
  service.onAttempt(({ call }) => {
    if (call === 'balance') balancesAsked += 1;
  });
  file = createLedgerFile();
  told = [];
  refusesDms = false;
});
afterEach(async () => {
  await account?.stop();
  await service.close();
  await agent.close();
  file.remove();
});

test('one refused key is told once, however many requests fail of it, also after a restart', async () => {
  answer('POST', '/images', REFUSED);
  answerBalance(REFUSED);
  await begin();
  for (let request = 0; request < 10; request += 1) await create();
  await until(() => told.length > 0);
  expect(account?.refusal()).toBe('key-refused');
  const looked = balancesAsked / 2;
  await begin();
  await looks(looked + 1);
  for (let request = 0; request < 10; request += 1) await create();
  expect(account?.refusal()).toBe('key-refused');
  expect(told).toMatchObject([{ kind: 'key-refused', isOver: false }]);
});

test('once the balance shows that it is over, requests are served, and the owner is told after some calm', async () => {
  answer('POST', '/images', REFUSED, 1);
  answerBalance(REFUSED, 1);
  await begin();
  await create();
  await until(() => told.length > 0);
  answerBalance({ code: '20000', data: { available: 70 } });
  file.now += MINUTE_MS;
  await until(() => account?.refusal() === null);
  expect(told).toHaveLength(1);
  file.now += CALM_MS['key-refused'];
  await until(() => told.length > 1);
  expect(told[1]).toMatchObject({ kind: 'key-refused', isOver: true, spendable: 70 });
  await untilWarnings((stored) => stored.length === 0);
});

test('a service that tells no balance is tried by one request after five minutes, and works again', async () => {
  answer('POST', '/images', { code: '40201', msg: '余额不足' }, 1);
  agent
    .get(ORIGIN)
    .intercept({ path: /balance/ })
    .reply(404, 'not found')
    .persist();
  await begin();
  await create();
  await until(() => told.length > 0);
  expect(account?.refusal()).toBe('no-credit');
  file.now += 5 * MINUTE_MS;
  expect(account?.refusal()).toBeNull();
  expect(account?.mayBegin()).toBe(true);
  expect(account?.mayBegin()).toBe(false);
  expect(account?.refusal()).toBe('no-credit');
  answer('POST', '/images', { code: '20000', data: { task_id: 't-1' } });
  await create();
  expect(account?.refusal()).toBeNull();
});

test.each([
  ['back', -60 * MINUTE_MS],
  ['forward', 60 * MINUTE_MS],
])('a clock that is set %s by an hour makes nobody wait longer or try sooner', async (_, by) => {
  answer('POST', '/images', { code: '40201', msg: '余额不足' }, 1);
  agent
    .get(ORIGIN)
    .intercept({ path: /balance/ })
    .reply(404, 'not found')
    .persist();
  await begin();
  await create();
  await until(() => told.length > 0);
  file.now += by;
  clockSetBy = by;
  expect(account?.refusal()).toBe('no-credit');
  file.now += 5 * MINUTE_MS;
  expect(account?.refusal()).toBeNull();
});

test('those who wait in line hear when nobody may begin, when one may try, and when it is over', async () => {
  answer('POST', '/images', REFUSED, 1);
  answerBalance(REFUSED);
  await begin();
  const heard: unknown[] = [];
  account?.onChange(() => heard.push([account?.hold(), account?.refusal()]));
  expect(account?.mayBegin()).toBe(true);
  await create();
  // Before the balance is asked it isn't certain; but whoever waits waits for that, too.
  expect(account?.hold()).toBeNull();
  expect(account?.mayBegin()).toBe(false);
  await until(() => heard.length === 2);
  file.now += 5 * MINUTE_MS;
  await until(() => heard.length === 3);
  expect(account?.mayBegin()).toBe(true);
  expect(account?.hold()).toBe('key-refused');
  answer('POST', '/images', { code: '20000', data: { task_id: 't-1' } });
  await create();
  expect(account?.mayBegin()).toBe(true);
  expect(heard).toEqual([
    [null, null],
    ['key-refused', 'key-refused'],
    ['key-refused', null],
    ['key-refused', 'key-refused'],
    [null, null],
  ]);
});

test('a low balance is told once, and again only after it was over', async () => {
  let coins: number | string = '99.5';
  for (const path of ['user', 'key']) {
    agent
      .get(ORIGIN)
      .intercept({ path: `${API}/${path}/balance` })
      .reply(200, () => ({ code: '20000', data: { available: coins } }))
      .persist();
  }
  await begin(100);
  await until(() => told.length > 0);
  expect(told).toMatchObject([{ kind: 'low-balance', isOver: false, spendable: 99.5 }]);
  expect(account?.refusal()).toBeNull();
  await begin(100);
  await looks(2);
  expect(told).toHaveLength(1);
  coins = 1000;
  file.now += 10 * MINUTE_MS;
  await until(() => account?.warnings().size === 0);
  file.now += CALM_MS['low-balance'];
  await until(() => told.length > 1);
  expect(told[1]).toMatchObject({ kind: 'low-balance', isOver: true });
  coins = 10;
  file.now += 10 * MINUTE_MS;
  await until(() => told.length > 2);
  expect(told[2]).toMatchObject({ kind: 'low-balance', isOver: false });
});

test('half an answer says neither that there is credit again nor that the balance is no longer low', async () => {
  answer('POST', '/images', { code: '40201', msg: '余额不足' });
  answer('GET', '/user/balance', { code: '20000', data: { available: 0 } }, 1);
  answer('GET', '/key/balance', { code: '20000', data: { available_quota: 1000, total_quota: 2000 } });
  await begin(100);
  await create();
  await until(() => told.length === 2);
  expect(account?.warnings()).toEqual(new Set(['no-credit', 'low-balance']));
  agent
    .get(ORIGIN)
    .intercept({ path: `${API}/user/balance` })
    .reply(404, 'not found')
    .persist();
  const looked = balancesAsked / 2;
  file.now += MINUTE_MS;
  await looks(looked + 1);
  expect(account?.warnings()).toEqual(new Set(['no-credit', 'low-balance']));
});

test('an owner who takes no message is not asked for ever, and requests are refused all the same', async () => {
  refusesDms = true;
  answer('POST', '/images', REFUSED);
  answerBalance(REFUSED);
  await begin();
  await create();
  await untilWarnings((stored) => stored.some(({ toldAt }) => toldAt !== null));
  expect(account?.refusal()).toBe('key-refused');
  expect(told).toHaveLength(1);
});

test('trouble that one process finds holds the line in all, is told once, and ends in all', async () => {
  let isRenewed = false;
  for (const path of ['user', 'key']) {
    agent
      .get(ORIGIN)
      .intercept({ path: `${API}/${path}/balance` })
      .reply(200, () => (isRenewed ? { code: '20000', data: { available: 70 } } : REFUSED))
      .persist();
  }
  answer('POST', '/images', REFUSED);
  await begin();
  const quiet = createJimmyAi({ baseUrl: ORIGIN, apiKey: 'key', dispatcher: agent });
  const other = await watch(quiet);
  other.start();
  await create();
  await until(() => other.refusal() === 'key-refused');
  await until(() => told.length > 0);
  isRenewed = true;
  file.now += MINUTE_MS;
  await until(() => account?.refusal() === null && other.refusal() === null);
  await untilWarnings((stored) => stored.every(({ isOver }) => isOver));
  file.now += CALM_MS['key-refused'];
  await until(() => told.length > 1);
  await untilWarnings((stored) => stored.length === 0);
  await other.stop();
  await quiet.close();
  expect(told.map(({ isOver }) => isOver)).toEqual([false, true]);
});

/** Another process on the same ledger. */
async function begin(balanceWarning: number | null = null): Promise<void> {
  await account?.stop();
  account = await watch(service, balanceWarning);
  account.start();
}

function watch(of: JimmyAi, balanceWarning: number | null = null): Promise<Account> {
  return watchAccount({
    service: of,
    ledger: file.ledger,
    async tellOwner(news) {
      told.push(news);
      return !refusesDms;
    },
    balanceWarning,
    tellsBalance: true,
    looksOften: false,
    elapsed: () => file.now - clockSetBy,
    log: pino({ enabled: false }),
  });
}

async function create(): Promise<void> {
  await service
    .createImageTask({ model: 'm', prompt: 'p', ratio: 'auto', resolution: '1k' })
    .catch(() => null);
}

function answer(method: string, path: string, body: object, times?: number): void {
  const scope = agent
    .get(ORIGIN)
    .intercept({ method, path: API + path })
    .reply(200, body);
  if (times) scope.times(times);
  else scope.persist();
}

/** For the account and the key alike. */
function answerBalance(body: object, times?: number): void {
  answer('GET', '/user/balance', body, times);
  answer('GET', '/key/balance', body, times);
}

async function untilWarnings(fit: (stored: readonly StoredWarning[]) => boolean): Promise<void> {
  while (!fit(await file.ledger.warnings.all())) await delay(10);
}

/** Waits until the account and the key were asked for so often, and the answers are taken in. */
async function looks(count: number): Promise<void> {
  await until(() => balancesAsked >= 2 * count);
  await new Promise((resolve) => setImmediate(resolve));
}
