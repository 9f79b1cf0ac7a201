import sharp from 'sharp';
import { describe, expect, onTestFinished } from 'vitest';
import type { JimmyAi } from '../../../sandbox/jimmyai/index.ts';
import { startJimmyAi } from '../../../sandbox/jimmyai/index.ts';
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
    jimmy.balance.keyQuota = 1;
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
