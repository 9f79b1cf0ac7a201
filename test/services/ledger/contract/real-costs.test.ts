import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Task } from '../../../../src/services/ledger/rows.ts';
import { type Transition, transitions } from '../../../../src/services/ledger/transitions.ts';
import { NO_LIMITS } from '../../../../src/services/request/limits.ts';
import { UNLIMITED } from '../../../support/unlimited.ts';
import { createTestLedger, type TestLedger } from '../test-ledger.ts';

const DAY_MS = 24 * 60 * 60_000;
const START = 1_700_000_000_000;

let file: TestLedger;
beforeEach(async () => {
  file = await createTestLedger();
  file.now = START;
});
afterEach(() => file.remove());

test('an answer that is the image tells what it cost with it, and nothing of it is given back', async () => {
  const id = await file.reserve({ userId: 'ann', guildId: 'server', cost: 0.25 });
  const image = { url: 'https://x.example/1.webp' };
  await take(id, transitions.submit(1), transitions.completeAtOnce(image, 2, 0.5));
  expect(await coins()).toEqual({ person: 0.5, all: 0.5, server: 0.5 });
});

test('an image is charged with what it is expected to cost, until the service tells what it does', async () => {
  const id = await file.reserve({ userId: 'ann', guildId: 'server', cost: 0.12 });
  expect(await coins()).toEqual({ person: 0.12, all: 0.12, server: 0.12 });
  await take(id, transitions.submit(1), transitions.run('s', 1, 0.1));
  expect(await coins()).toEqual({ person: 0.1, all: 0.1, server: 0.1 });
  await take(id, transitions.bill(0.11));
  await take(id, transitions.complete('https://x.example/1.png', 2, 0.13));
  expect(await coins()).toEqual({ person: 0.13, all: 0.13, server: 0.13 });
  await file.reopen();
  expect((await file.ledger.generations.find(id))?.tasks).toMatchObject([{ cost: 0.13 }]);
  expect(await coins()).toEqual({ person: 0.13, all: 0.13, server: 0.13 });
});

test('where the service never tells, what was expected stays; what it says is free costs nothing', async () => {
  const untold = await file.reserve({ userId: 'ann', cost: 0.12 });
  await take(untold, transitions.submit(1), transitions.run('s', 1), transitions.complete('https://x/1', 2));
  expect((await coins()).all).toBe(0.12);
  const free = await file.reserve({ userId: 'ann', cost: 0.12 });
  await take(free, transitions.submit(1), transitions.run('s', 1), transitions.complete('https://x/1', 2, 0));
  expect((await coins()).all).toBe(0.12);
});

test('what is given back takes its coins along, and images still count when they turn out to be free', async () => {
  const limits = { ...UNLIMITED, person: { ...NO_LIMITS, perDay: 2 } };
  const refused = await file.reserve({ userId: 'ann', guildId: 'server', cost: 0.3, limits });
  await take(refused, transitions.submit(1), transitions.refuse({ reason: 'credit' }, 1));
  expect(await file.ledger.spending.totalSince(START - DAY_MS)).toEqual({ images: 0, coins: 0 });
  const failed = await file.reserve({ userId: 'ann', guildId: 'server', cost: 0.3, limits });
  const failure = transitions.fail({ reason: 'model-failed' }, 2, 0);
  await take(failed, transitions.submit(1), transitions.run('s', 1, 0.3), failure);
  expect(await file.ledger.spending.totalSince(START - DAY_MS)).toEqual({ images: 1, coins: 0 });
  await file.reserve({ userId: 'ann', limits });
  expect(await file.ask({ userId: 'ann', limits })).toMatchObject({ kind: 'per-day', used: 2, wanted: 1 });
});

test.each(['person', 'server', 'overall'] as const)(
  'a limit of the %s in coins counts what images really cost, and frees up with them',
  async (scope) => {
    const limits = { ...UNLIMITED, unit: 'coins' as const, [scope]: { ...UNLIMITED[scope], perDay: 0.5 } };
    const asked = { userId: 'ann', guildId: 'server', cost: 0.2, limits };
    const first = await file.reserve({ ...asked, request: { count: 2 } });
    expect(await file.ask(asked)).toMatchObject({
      kind: 'per-day',
      scope,
      limit: 0.5,
      used: 0.4,
      wanted: 0.2,
    });
    const tasks = (await file.ledger.generations.find(first))?.tasks ?? [];
    for (const task of tasks) await takeTask(task, transitions.submit(1), transitions.run('s', 1, 0.05));
    file.now += 60 * 60_000;
    await file.reserve({ ...asked, request: { count: 2 } });
    expect(await file.ask(asked)).toMatchObject({
      used: expect.closeTo(0.5, 9),
      freeAt: START + DAY_MS + 60 * 60_000,
    });
    expect(await file.ask({ ...asked, cost: 0.1 })).toMatchObject({ freeAt: START + DAY_MS });
    expect(await file.ask({ ...asked, cost: 0.1, request: { count: 6 } })).toMatchObject({ freeAt: null });
  },
);

describe('what the same last cost', () => {
  const bill = async (cost: number, changes: Parameters<TestLedger['reserve']>[0] = {}) => {
    const id = await file.reserve({ references: [], ...changes });
    await take(id, transitions.submit(1), transitions.run('s', 1, cost));
  };
  const reference = { name: 'fox.png', source: 'discord', url: 'https://x.example', file: null } as const;

  test('is known by model, resolution and quality, and is the latest that was billed', async () => {
    await bill(0.1);
    await bill(0.4, { request: { resolution: '4k', quality: 'high' } });
    await bill(0.02, { request: { model: 'nano-banana', quality: 'high' }, references: [reference] });
    await bill(0.11);
    await bill(0);
    await file.reopen();
    const { prices } = file.ledger;
    expect(await prices.lastCost('gpt-image-2/1k/low')).toBe(0.11);
    expect(await prices.lastCost('gpt-image-2/4k/high')).toBe(0.4);
    expect(await prices.lastCost('nano-banana/1k')).toBe(0.02);
    expect(await prices.lastCost('nano-banana/2k')).toBeNull();
  });

  test('outlives the images, the charges and the person', async () => {
    await bill(0.1, { userId: 'ann' });
    await file.ledger.storedData.forget('ann');
    await file.ledger.charges.forgetBefore(file.now + 1);
    expect(await file.ledger.prices.lastCost('gpt-image-2/1k/low')).toBe(0.1);
  });
});

test('the public prices are kept as they were last read', async () => {
  const { prices } = file.ledger;
  expect(await prices.catalog()).toEqual(new Map());
  await prices.keepCatalog(
    new Map([
      ['nano-banana', 0.04],
      ['gpt-image-2', 0.06],
    ]),
  );
  await prices.keepCatalog(new Map([['nano-banana', 0.05]]));
  await file.reopen();
  expect(await file.ledger.prices.catalog()).toEqual(new Map([['nano-banana', 0.05]]));
});

test('what a week cost is known longer than who spent it', async () => {
  const id = await file.reserve({ userId: 'ann', guildId: 'server', cost: 0.2, request: { count: 2 } });
  file.now += 3 * DAY_MS;
  await file.ledger.charges.forgetBefore(file.now - 2 * DAY_MS);
  await file.ledger.charges.forgetSumsBefore(file.now - 8 * DAY_MS);
  expect(await file.ledger.charges.of('ann')).toEqual([]);
  await file.reserve({ userId: 'ben', cost: 0.1 });
  const { spending } = file.ledger;
  expect(await spending.totalSince(file.now - 7 * DAY_MS)).toEqual({
    images: 3,
    coins: expect.closeTo(0.5, 9),
  });
  expect(await spending.totalSince(file.now - DAY_MS)).toEqual({ images: 1, coins: 0.1 });
  // What comes after the charge is gone changes nothing.
  await take(id, transitions.submit(1), transitions.run('s', 1, 0.7));
  expect(await spending.totalSince(file.now - 7 * DAY_MS)).toEqual({
    images: 3,
    coins: expect.closeTo(0.5, 9),
  });
  await file.ledger.charges.forgetSumsBefore(file.now - DAY_MS);
  expect(await spending.totalSince(file.now - 7 * DAY_MS)).toEqual({ images: 1, coins: 0.1 });
});

test('whatever happens to images in whatever order, the sums are those of the charges', async () => {
  const name = fc.constantFrom(...STEP_NAMES);
  const cost = fc.constantFrom(undefined, 0, 0.012, 0.1, 0.36);
  const way = fc.array(fc.record({ name, cost, which: fc.nat(3) }), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(way, async (steps) => {
      const tasks = [...(await reserveTwo(0)), ...(await reserveTwo(1))];
      for (const { name, cost, which } of steps) {
        const task = tasks[which] as Task;
        const transition = STEPS[name](cost);
        if (transition.from.includes(task.state)) tasks[which] = await takeTask(task, transition);
      }
      await expectSumsOfCharges();
    }),
    { numRuns: 30 },
  );
});

async function reserveTwo(server: number): Promise<readonly Task[]> {
  const guildId = server === 0 ? null : `server-${server}`;
  const id = await file.reserve({ guildId, cost: 0.05, request: { count: 2 } });
  return (await file.ledger.generations.find(id))?.tasks ?? [];
}

async function expectSumsOfCharges(): Promise<void> {
  const [charges, sums] = await read(
    `SELECT '' AS guild, sum(coins) AS coins, CAST(count(*) AS INTEGER) AS images FROM charges
     UNION ALL SELECT guild_id, sum(coins), CAST(count(*) AS INTEGER) FROM charges
       WHERE guild_id IS NOT NULL GROUP BY guild_id`,
    `SELECT guild_id AS guild, sum(coins) AS coins, CAST(sum(images) AS INTEGER) AS images FROM charge_sums
     GROUP BY guild_id`,
  );
  for (const guild of ['', 'server-1']) {
    const [charged, summed] = [charges, sums].map((rows) => rows?.find((row) => row.guild === guild));
    expect(summed?.coins ?? 0).toBeCloseTo(charged?.coins ?? 0, 9);
    expect(summed?.images ?? 0).toBe(charged?.images ?? 0);
  }
}

const STEP_NAMES = ['submit', 'run', 'bill', 'complete', 'fail', 'refuse', 'cancel'] as const;

const STEPS: Record<(typeof STEP_NAMES)[number], (cost?: number) => Transition> = {
  submit: () => transitions.submit(1),
  run: (cost) => transitions.run('service', 1, cost),
  bill: (cost = 0.2) => transitions.bill(cost),
  complete: (cost) => transitions.complete('https://x.example/1.png', 2, cost),
  fail: (cost) => transitions.fail({ reason: 'model-failed' }, 2, cost),
  refuse: () => transitions.refuse({ reason: 'credit' }, 2),
  cancel: () => transitions.cancel(2, 3),
};

interface Row {
  guild: string;
  coins: number;
  images: number;
}

async function coins() {
  const [charges, sums] = await read(
    'SELECT user_id AS guild, sum(coins) AS coins FROM charges GROUP BY 1',
    'SELECT guild_id AS guild, coins FROM charge_sums',
  );
  const of = (guild: string) => sums?.find((row) => row.guild === guild)?.coins;
  return { person: charges?.[0]?.coins, all: of(''), server: of('server') };
}

async function read(...texts: string[]): Promise<Row[][]> {
  return Promise.all(texts.map(async (sql) => (await file.rows(sql)) as unknown as Row[]));
}

async function take(id: string, ...way: readonly Transition[]): Promise<void> {
  const [task] = (await file.ledger.generations.find(id))?.tasks ?? [];
  await takeTask(task as Task, ...way);
}

async function takeTask(task: Task, ...way: readonly Transition[]): Promise<Task> {
  let row = task;
  for (const step of way) {
    const next = step.to(row);
    expect(await file.ledger.tasks.save(row.state, next)).toBe(true);
    row = next;
  }
  return row;
}
