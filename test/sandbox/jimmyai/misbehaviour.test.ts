import { describe, expect, onTestFinished } from 'vitest';
import { type Misbehaviour, startJimmyAi } from '../../../sandbox/jimmyai/index.ts';
import { BODY, createClient, HOUR_MS, test } from './client.ts';

const abortSoon = () => ({ signal: AbortSignal.timeout(150) });

describe('on create', () => {
  test('a connection dropped before the task exists', async ({ jimmy, client }) => {
    jimmy.misbehave({ kind: 'dropped', at: 'create' });
    await expect(client.create(BODY)).rejects.toThrow('fetch failed');
    expect(jimmy.tasks).toEqual([]);
    expect(jimmy.balance.used).toBe(0);
  });

  test('a connection dropped after the task was made and charged', async ({ jimmy, client }) => {
    jimmy.misbehave({ kind: 'dropped', at: 'create', created: true });
    await expect(client.create(BODY)).rejects.toThrow('fetch failed');
    expect(jimmy.tasks).toHaveLength(1);
    expect(jimmy.balance.used).toBeGreaterThan(0);
  });

  test('no answer at all', async ({ jimmy, client }) => {
    jimmy.misbehave({ kind: 'hang', at: 'create', created: true });
    await expect(client.create(BODY, abortSoon())).rejects.toThrow('timeout');
    expect(jimmy.tasks).toHaveLength(1);
    expect(jimmy.requests).toMatchObject([{ method: 'POST', status: null, body: BODY }]);
  });

  test.for([
    [
      { kind: 'error-code', code: '20001', msg: 'bad key' },
      200,
      { code: '20001', msg: 'bad key', data: null },
    ],
    [{ kind: 'error-code', code: 20002, msg: 'no' }, 200, { code: 20002, msg: 'no', data: null }],
    [
      { kind: 'error-code', code: -1, msg: '系统繁忙', status: 500 },
      500,
      { code: -1, msg: '系统繁忙', data: null },
    ],
    [{ kind: 'out-of-credit' }, 200, { msg: expect.stringMatching(/余额不足.*insufficient balance/) }],
    [{ kind: 'html', status: 502 }, 502, {}],
    [{ kind: 'html' }, 200, {}],
    [{ kind: 'unavailable' }, 503, {}],
  ] as const)('%o', async ([fault, status, json], { jimmy, client }) => {
    jimmy.misbehave({ ...fault, at: 'create' });
    const answer = await client.create(BODY);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject(json);
    expect(jimmy.tasks).toEqual([]);
  });

  test('an error code although the task was made', async ({ jimmy, client }) => {
    jimmy.misbehave({ kind: 'error-code', at: 'create', created: true, code: '-1', msg: 'oops' });
    const { json } = await client.create(BODY);
    expect(json).toMatchObject({ code: '-1', data: { task_id: jimmy.tasks[0]?.id } });
  });

  test('429 with Retry-After in seconds and as a date', async ({ jimmy, client }) => {
    jimmy.misbehave({ kind: 'too-many-requests', at: 'create', retryAfterSeconds: 30, form: 'seconds' });
    jimmy.misbehave({ kind: 'too-many-requests', at: 'create', retryAfterSeconds: 30, form: 'date' });
    const seconds = await client.create(BODY);
    const date = await client.create(BODY);
    expect([seconds.status, seconds.headers.get('retry-after')]).toEqual([429, '30']);
    const aheadMs = Date.parse(date.headers.get('retry-after') ?? '') - Date.now();
    expect(aheadMs).toBeGreaterThan(20_000);
    expect(aheadMs).toBeLessThanOrEqual(30_000);
  });
});

describe('on a query', () => {
  test('faults hit the first queries only', async ({ jimmy, client }) => {
    jimmy.misbehave({ kind: 'unavailable', at: 'query', repeat: 2 });
    const id = await client.start();
    const statuses = [await client.query(id), await client.query(id), await client.query(id)];
    expect(statuses.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(jimmy.tasks[0]?.queries).toBe(3);
  });

  test('dropped, hanging, HTML, an error code', async ({ jimmy, client }) => {
    const startWith = (misbehaviour: Misbehaviour) => {
      jimmy.misbehave(misbehaviour);
      return client.start();
    };
    await expect(client.query(await startWith({ kind: 'dropped', at: 'query' }))).rejects.toThrow(
      'fetch failed',
    );
    const hanging = await startWith({ kind: 'hang', at: 'query' });
    await expect(client.query(hanging, abortSoon())).rejects.toThrow('timeout');
    const html = await client.query(await startWith({ kind: 'html', at: 'query' }));
    expect(html.text).toMatch(/^<html>/);
    const error = await client.query(
      await startWith({ kind: 'error-code', at: 'query', code: '-1', msg: 'oops' }),
    );
    expect(error.json).toEqual({ code: '-1', msg: 'oops', data: null });
  });
});

describe('through a task', () => {
  test('slow takes so many times as long', async () => {
    const services = await Promise.all([startJimmyAi(), startJimmyAi()]);
    onTestFinished(async () => void (await Promise.all(services.map((jimmy) => jimmy.close()))));
    const [usual, slow] = services;
    slow.misbehave({ kind: 'slow', factor: 10 });
    const durations = services.map(async (jimmy) => {
      await createClient(jimmy).start();
      return (jimmy.tasks[0]?.endsAt ?? 0) - (jimmy.tasks[0]?.createdAt ?? 0);
    });
    const [usualMs = 0, slowMs = 0] = await Promise.all(durations);
    expect(slowMs / usualMs).toBeCloseTo(10, 1);
    expect(usual.tasks[0]?.misbehaviour).toBeNull();
  });

  test('stuck never ends', async ({ jimmy, client, clock }) => {
    jimmy.misbehave({ kind: 'stuck' });
    const id = await client.start();
    clock.advance(100 * HOUR_MS);
    expect(await client.data(id)).toMatchObject({ status: 'processing', progress: 99, result: null });
  });

  test('failed gives its reason, in the words and the field asked for', async ({ jimmy, client, clock }) => {
    jimmy.misbehave({ kind: 'failed', reason: '内容违规' });
    jimmy.misbehave({ kind: 'failed', reason: 'refused', status: 'canceled', field: 'fail_reason' });
    const ids = [await client.start(), await client.start()] as const;
    clock.advance(HOUR_MS);
    expect(await client.data(ids[0])).toMatchObject({
      status: 'failed',
      progress: 0,
      error_message: '内容违规',
      completed_at: expect.any(Number),
      result: null,
    });
    expect(await client.data(ids[1])).toMatchObject({ status: 'canceled', fail_reason: 'refused' });
    expect(await client.data(ids[1])).not.toHaveProperty('error_message');
  });

  test('the names of the FAQ, from the create on', async ({ jimmy, client, clock }) => {
    jimmy.misbehave({ kind: 'faq-names' });
    const { json } = await client.create(BODY);
    expect(json.data).toMatchObject({ taskId: jimmy.tasks[0]?.id, status: 'queued' });
    expect(json.data).not.toHaveProperty('task_id');
    clock.advance(HOUR_MS);
    const { data } = (await client.query(String(jimmy.tasks[0]?.id))).json;
    expect(data).toMatchObject({ status: 'completed', mediaUrl: expect.stringMatching(/^http/) });
    expect(data).not.toHaveProperty('result');
  });

  test('numbers as codes, and no envelope, from the create on', async ({ jimmy, client }) => {
    jimmy.misbehave({ kind: 'number-code' });
    jimmy.misbehave({ kind: 'no-envelope' });
    const numbered = await client.create(BODY);
    const bare = await client.create(BODY);
    expect(numbered.json.code).toBe(20000);
    expect(bare.json).toMatchObject({ task_id: jimmy.tasks[1]?.id, status: 'queued' });
    expect((await client.query(String(numbered.json.data?.task_id))).json.code).toBe(20000);
    expect((await client.query(String(bare.json.task_id))).json).toMatchObject({
      status: 'queued',
      progress: 0,
    });
  });

  test('words that are not documented', async ({ jimmy, client, clock }) => {
    jimmy.misbehave({ kind: 'older-words' });
    jimmy.misbehave({ kind: 'unknown-status', status: 'reviewing' });
    jimmy.misbehave({ kind: 'unknown-status', status: 'reviewing', forever: true });
    const ids = [await client.start(), await client.start(), await client.start()];
    const statuses = () => Promise.all(ids.map(async (id) => (await client.data(id)).status));
    expect(await statuses()).toEqual(['submitted', 'reviewing', 'reviewing']);
    clock.advance(HOUR_MS);
    expect(await statuses()).toEqual(['succeeded', 'completed', 'reviewing']);
  });

  test('odd progress', async ({ jimmy, client, clock }) => {
    const forms = ['missing', 'null', 'string', 'backwards'] as const;
    for (const progress of forms) jimmy.misbehave({ kind: 'odd-progress', progress });
    const ids = [
      await client.start(),
      await client.start(),
      await client.start(),
      await client.start(),
    ] as const;
    clock.advance(HOUR_MS);
    expect(await client.data(ids[0])).not.toHaveProperty('progress');
    expect((await client.data(ids[1])).progress).toBeNull();
    expect((await client.data(ids[2])).progress).toBe('100');
    expect([(await client.data(ids[3])).progress, (await client.data(ids[3])).progress]).toEqual([100, 50]);
  });

  test('odd costs', async ({ jimmy, client, clock }) => {
    const forms = ['missing', 'string', 'negative', 'late', 'corrected'] as const;
    for (const cost of forms) jimmy.misbehave({ kind: 'odd-cost', cost });
    const ids: string[] = [];
    for (const _ of forms) ids.push(await client.start());
    const costs = () => Promise.all(ids.map(async (id) => (await client.data(id)).cost));
    expect(await costs()).toEqual([undefined, '0.03', -0.03, 0, 0.06]);
    clock.advance(HOUR_MS);
    expect(await costs()).toEqual([undefined, '0.03', -0.03, 0.03, 0.03]);
  });

  test('a relative image URL, and none', async ({ jimmy, client, clock }) => {
    jimmy.misbehave({ kind: 'relative-url' });
    jimmy.misbehave({ kind: 'no-image-url' });
    const ids = [await client.start(), await client.start()] as const;
    clock.advance(HOUR_MS);
    expect((await client.data(ids[0])).result).toMatchObject({ image_url: `/files/${ids[0]}.png` });
    expect((await client.data(ids[1])).result).toEqual({});
  });
});

test('on upload: missing, down, and well again', async ({ jimmy, client }) => {
  jimmy.misbehave({ kind: 'upload-missing', at: 'upload' });
  jimmy.misbehave({ kind: 'unavailable', at: 'upload' });
  jimmy.misbehave({ kind: 'dropped', at: 'upload' });
  const upload = () => client.upload(Buffer.from('x'), 'x.png');
  expect((await upload()).status).toBe(404);
  expect((await upload()).status).toBe(503);
  await expect(upload()).rejects.toThrow('fetch failed');
  expect((await upload()).json.code).toBe('20000');
});
