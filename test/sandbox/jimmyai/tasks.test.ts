import sharp from 'sharp';
import { describe, expect, onTestFinished } from 'vitest';
import type { JimmyAi } from '../../../sandbox/jimmyai/index.ts';
import { startJimmyAi } from '../../../sandbox/jimmyai/index.ts';
import { billOf, createPrices } from '../../../sandbox/jimmyai/prices.ts';
import { BODY, createClient, HOUR_MS, test } from './client.ts';

test('a task is queued, processed, completed, and its image expires', async ({ jimmy, client, clock }) => {
  const id = await client.start({ ...BODY, ratio: '16:9' });
  const task = jimmy.tasks[0];
  if (!task) throw new Error('no task');
  const advanceTo = (moment: number) => clock.advance(moment - clock.now());

  expect(await client.data(id)).toMatchObject({ task_id: id, status: 'queued', progress: 0 });
  expect((await client.download(id)).status).toBe(404);

  // A little past the middle, since the clock goes in whole milliseconds and the task does not.
  advanceTo((task.startsAt + task.endsAt) / 2 + 5);
  const halfway = await client.data(id);
  expect(halfway).toMatchObject({
    status: 'processing',
    model: 'nano-banana',
    completed_at: null,
    result: null,
    error_message: null,
  });
  expect(halfway.progress).toBeGreaterThanOrEqual(50);
  expect(halfway.progress).toBeLessThan(60);

  advanceTo(task.endsAt);
  const url = `${jimmy.baseUrl}/files/${id}.png`;
  expect(await client.data(id)).toEqual({
    task_id: id,
    status: 'completed',
    progress: 100,
    model: 'nano-banana',
    created_at: Math.floor(task.createdAt / 1000),
    completed_at: Math.floor(task.endsAt / 1000),
    cost: 0.03,
    result: { image_url: url, image_urls: [url] },
    error_message: null,
  });
  const { status, type, bytes } = await client.download(id);
  expect([status, type]).toEqual([200, 'image/png']);
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 137, height: 77 });
  expect(jimmy.tasks[0]).toMatchObject({ status: 'completed', queries: 3, downloads: 2 });

  advanceTo(task.endsAt + 72 * HOUR_MS);
  expect((await client.download(id)).status).toBe(404);
  expect((await client.data(id)).status).toBe('completed');
});

test('the clock never takes progress back', async ({ jimmy, client, clock }) => {
  await client.start();
  const seen: number[] = [];
  while (seen.at(-1) !== 100) {
    seen.push(jimmy.tasks[0]?.progress ?? 100);
    clock.advance(200);
  }
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(new Set(seen).size).toBeGreaterThan(10);
});

describe('durations', () => {
  const start = async (options: Parameters<typeof startJimmyAi>[0]) => {
    const jimmy = await startJimmyAi(options);
    onTestFinished(() => jimmy.close());
    return { jimmy, client: createClient(jimmy) };
  };
  const durations = ({ tasks }: JimmyAi) =>
    tasks.map(({ createdAt, endsAt }) => Math.round(endsAt - createdAt));

  test('repeat by seed and order of creation, and differ by seed', async () => {
    const services = await Promise.all([start({ seed: 7 }), start({ seed: 7 }), start({ seed: 8 })]);
    for (const { client } of services) for (const _ of Array(3)) await client.start();
    const [first, again, other] = services.map(({ jimmy }) => durations(jimmy));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(new Set(first).size).toBe(3);
  });

  test('are divided by the speed', async () => {
    const [real, fast] = await Promise.all([start({}), start({ speed: 100 })]);
    await Promise.all([real.client.start(), fast.client.start()]);
    expect(durations(fast.jimmy)[0]).toBe(Math.round((durations(real.jimmy)[0] ?? 0) / 100));
  });

  test('grow with resolution and quality', async ({ jimmy, client }) => {
    const median = async (body: object) => {
      const before = jimmy.tasks.length;
      for (const _ of Array(15)) await client.start({ ...BODY, ...body });
      return durations(jimmy)
        .slice(before)
        .toSorted((a, b) => a - b)[7];
    };
    expect(await median({ resolution: '4k' })).toBeGreaterThan((await median({})) ?? Infinity);
    expect(await median({ model: 'gpt-image-2', quality: 'high' })).toBeGreaterThan(
      (await median({ model: 'gpt-image-2' })) ?? Infinity,
    );
  });
});

describe('coins', () => {
  test('are told by the create and by each query, at the account’s own price, which the catalog doesn’t have', async ({
    jimmy,
    client,
  }) => {
    const { json } = await client.create(BODY);
    expect(json.data).toMatchObject({ status: 'queued', cost: 0.03 });
    expect(await client.data(String(json.data?.task_id))).toMatchObject({ cost: 0.03 });
    expect(jimmy.prices.catalog.get('nano-banana')).toBe(0.04);
  });

  test('are billed as documented: by resolution, by quality, and for references', () => {
    const bill = (model: string, resolution: string, quality: string, references = 0) =>
      billOf({ model, resolution, quality, images: Array(references).fill('data:,') }, createPrices());
    expect(bill('doubao-seedream-5-0-pro', '2k', 'low', 3)).toBe(0.768);
    expect(bill('doubao-seedream-5-0-pro', '1k', 'low', 1)).toBe(0.36);
    expect(bill('grok-imagine-image-2', '2k', 'medium', 2)).toBe(0.12);
    expect(bill('gpt-image-1.5', '1k', 'auto')).toBe(0.09);
    expect(bill('gpt-image-1.5', '1k', 'high', 3)).toBe(0.3);
    expect(bill('gpt-image-2.5-flare', '4k', 'max')).toBe(0.08);
    expect(bill('nano-banana-pro', '4k', 'low', 5)).toBe(0.12);
  });

  test('stand in the catalog, which asks for no key, and which a search narrows', async ({ jimmy }) => {
    const catalog = async (query = '') => {
      const response = await fetch(`${jimmy.baseUrl}/api/openapi/model/catalog${query}`);
      return { status: response.status, json: response.ok ? JSON.parse(await response.text()) : null };
    };
    const { json } = await catalog();
    expect(json).toMatchObject({ code: 20000, msg: 'ok' });
    expect(json.data.list).toContainEqual({
      model_name: 'nano-banana-2',
      display_name: 'nano-banana-2',
      model_type: 'image',
      price_mode: 'per_task',
      unit_price: 0.06,
      remark: '',
      group: 'image',
    });
    expect((await catalog('?search=video')).json.data.list).toMatchObject([{ model_name: 'seedance2.5' }]);
    jimmy.prices.hasCatalog = false;
    expect((await catalog()).status).toBe(404);
  });

  test('are shown for account and key', async ({ jimmy, client }) => {
    jimmy.balance.coins = 100;
    await client.start();
    const coins = jimmy.tasks[0]?.coins ?? 0;
    expect((await client.send('/user/balance')).json.data).toEqual({
      balance: 100,
      used_coin: coins,
      available: 100 - coins,
    });
    expect((await client.send('/key/balance')).json.data).toMatchObject({
      total_quota: 0,
      used_quota: coins,
      unlimited: true,
    });
    jimmy.balance.keyQuota = 50;
    expect((await client.send('/key/balance')).json.data).toMatchObject({
      total_quota: 50,
      available_quota: 50 - coins,
      unlimited: false,
    });
  });

  test('are refused without, and a task that cannot be paid is not made', async ({ jimmy, client }) => {
    jimmy.balance.coins = 0;
    expect((await client.create(BODY)).json).toMatchObject({
      data: null,
      msg: expect.stringContaining('余额不足'),
    });
    jimmy.balance.coins = 100;
    jimmy.balance.keyQuota = 0.01;
    expect((await client.create(BODY)).json).toMatchObject({
      data: null,
      msg: expect.stringContaining('额度'),
    });
    expect(jimmy.tasks).toEqual([]);
  });

  test('are refunded once a task has failed', async ({ jimmy, client, clock }) => {
    jimmy.misbehave({ kind: 'failed', reason: 'no' });
    await client.start();
    expect(jimmy.balance.used).toBeGreaterThan(0);
    clock.advance(HOUR_MS);
    expect(jimmy.balance.used).toBe(0);
  });
});
