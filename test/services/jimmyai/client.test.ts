import { MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConnectError } from '../../../src/services/image-service/http.ts';
import { createJimmyAi, type JimmyAi } from '../../../src/services/jimmyai/client.ts';

const ORIGIN = 'https://jimmyai.test';
const API_KEY = 'sk-secret-key';
const IMAGES = '/api/open-api/v1/images';
const REQUEST = { model: 'gpt-image-2', prompt: 'a fox', ratio: 'auto', resolution: '1k', quality: 'low' };

let agent: MockAgent;
let jimmyai: JimmyAi;
let waits: number[];

beforeEach(() => {
  agent = new MockAgent({ enableCallHistory: true });
  agent.disableNetConnect();
  waits = [];
  jimmyai = createJimmyAi({
    baseUrl: ORIGIN,
    apiKey: API_KEY,
    dispatcher: agent,
    random: () => 0,
    delay: async (ms) => {
      waits.push(ms);
    },
  });
});

afterEach(async () => {
  agent.assertNoPendingInterceptors();
  await jimmyai.close();
  await agent.close();
});

interface MockedAnswer {
  status?: number;
  headers?: Record<string, string>;
  times?: number;
}

function answerCreate(body: object | string, { status = 200, headers = {}, times = 1 }: MockedAnswer = {}) {
  agent.get(ORIGIN).intercept({ path: IMAGES, method: 'POST' }).reply(status, body, { headers }).times(times);
}

function answerQuery(body: object | string, { status = 200, headers = {}, times = 1 }: MockedAnswer = {}) {
  agent
    .get(ORIGIN)
    .intercept({ path: `${IMAGES}/t-1` })
    .reply(status, body, { headers })
    .times(times);
}

function answerTask(data: object) {
  answerQuery({ code: '20000', msg: 'ok', data: { task_id: 't-1', ...data } });
}

const callCount = () => agent.getCallHistory()?.calls().length;

describe('creating a task', () => {
  test('sends the request as the reference page has it, with the key as bearer', async () => {
    answerCreate({ code: '20000', msg: 'ok', data: { task_id: 't-1', status: 'queued' } });
    await expect(jimmyai.createImageTask({ ...REQUEST, images: ['data:,'] })).resolves.toEqual({
      taskId: 't-1',
    });
    const call = agent.getCallHistory()?.firstCall();
    expect(call?.headers).toMatchObject({
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
    });
    expect(JSON.parse(String(call?.body))).toEqual({ ...REQUEST, images: ['data:,'] });
  });

  test.each([
    ['a numeric code', 200, { code: 20000, data: { task_id: 't-1' } }],
    ['code 0', 200, { code: 0, msg: 'ok', data: { task_id: 't-1' } }],
    ['code "0"', 200, { code: '0', msg: 'ok', data: { task_id: 't-1' } }],
    ['no envelope', 200, { task_id: 't-1', status: 'queued' }],
    ['code -1 beside a task id', 200, { code: -1, msg: 'server error', data: { task_id: 't-1' } }],
    ['a task id outside data', 200, { code: -1, msg: 'server error', task_id: 't-1' }],
    ['data but no code', 200, { data: { task_id: 't-1' } }],
    ['HTTP 502 beside a task id', 502, { code: '20000', data: { task_id: 't-1' } }],
  ])('takes the task id from an answer with %s', async (_, status, body) => {
    answerCreate(body, { status });
    await expect(jimmyai.createImageTask(REQUEST)).resolves.toEqual({ taskId: 't-1' });
    expect(callCount()).toBe(1);
  });

  test.each([
    ['code 20001', 200, { code: '20001', msg: 'bad token' }, 'authentication'],
    ['code 20002', 200, { code: 20002, msg: 'bad ratio' }, 'parameters'],
    ['HTTP 400 with an envelope', 400, { code: '20002', msg: 'bad ratio' }, 'parameters'],
    ['an empty balance', 200, { code: '30001', msg: '账户余额不足' }, 'credit'],
    ['an exhausted quota under HTTP 429', 429, { code: 1, msg: 'insufficient_quota' }, 'credit'],
    ['a white balance', 200, { code: '20002', msg: 'prompt contains white balance' }, 'parameters'],
    ['a refused prompt', 200, { code: '20002', msg: '提示词包含敏感内容' }, 'content-policy'],
    ['a code that names an object member', 200, { code: 'constructor', msg: 'no' }, 'unknown-code'],
    ['a model that the account lacks', 200, { code: '50000', msg: '模型配置不存在' }, 'model-unavailable'],
    ['the same as bad parameters', 200, { code: 20002, msg: '配置不存在' }, 'model-unavailable'],
    ['the same as a server error', 200, { code: -1, msg: '配置不存在' }, 'model-unavailable'],
    ['an unknown code', 200, { code: '77', msg: '模型维护中' }, 'unknown-code'],
    ['a refused prompt under code -1', 200, { code: -1, msg: 'content_policy_violation' }, 'content-policy'],
  ])('reports %s as certainly not charged, without trying again', async (_, status, body, kind) => {
    answerCreate(body, { status });
    await expect(jimmyai.createImageTask(REQUEST)).rejects.toMatchObject({
      name: 'ImageServiceError',
      kind,
      charged: 'no',
    });
  });

  test.each([
    ['an HTML page with HTTP 200', 200, '<html>maintenance</html>', 'malformed-answer'],
    ['code 20000 without a task id', 200, { code: '20000', data: {} }, 'malformed-answer'],
    ['an empty object', 200, {}, 'malformed-answer'],
    ['HTTP 401 without an envelope', 401, 'no', 'authentication'],
    ["an edge's page with HTTP 403", 403, '<html>', 'unavailable'],
    ['HTTP 402', 402, '', 'credit'],
    ['HTTP 404 with HTML', 404, '<html>', 'malformed-answer'],
    ["a proxy's page with HTTP 503", 503, '<html>', 'unavailable'],
    ['a redirect', 302, '', 'malformed-answer'],
    ['HTTP 502 from a proxy', 502, '<html>Bad Gateway</html>', 'unavailable'],
    ['HTTP 504 from a proxy', 504, '', 'unavailable'],
    [
      'a missing model in words that are not the service’s',
      404,
      { code: 404, message: '配置不存在' },
      'model-unavailable',
    ],
    ["a gateway's own JSON", 504, { code: 504, msg: 'upstream timed out' }, 'unavailable'],
  ])('reports %s as maybe charged, and never sends again', async (_, status, body, kind) => {
    answerCreate(body, { status });
    await expect(jimmyai.createImageTask(REQUEST)).rejects.toMatchObject({ kind, charged: 'maybe' });
    expect(callCount()).toBe(1);
  });

  test.each([
    ['code -1', 200, { code: -1, msg: 'server error' }],
    ['code -1 with HTTP 500', 500, { code: '-1', msg: 'server error', data: null }],
    ['HTTP 429', 429, ''],
    ['HTTP 429 about a quota of requests', 429, { code: 1, msg: 'per-minute request quota exceeded' }],
    ['HTTP 429 about a policy of rates', 429, { code: 1, msg: 'see our rate limit policy' }],
    ['code -1 about a lack of GPUs', 200, { code: -1, msg: 'insufficient GPU capacity, retry' }],
    ['HTTP 503 in its own envelope', 503, { code: 50300, msg: 'busy', data: null }],
  ])('tries again after %s, waiting as long as the service suggests', async (_, status, body) => {
    answerCreate(body, { status, times: 3 });
    answerCreate({ code: '20000', data: { task_id: 't-1' } });
    await expect(jimmyai.createImageTask(REQUEST)).resolves.toEqual({ taskId: 't-1' });
    expect(waits).toEqual([5_000, 10_000, 20_000]);
  });

  test('gives up after four tries', async () => {
    answerCreate({ code: -1, msg: 'server error' }, { times: 4 });
    await expect(jimmyai.createImageTask(REQUEST)).rejects.toMatchObject({
      kind: 'unavailable',
      charged: 'no',
      serviceMessage: 'server error',
    });
  });

  test('waits as long as Retry-After says', async () => {
    answerCreate('', { status: 429, headers: { 'retry-after': '30' } });
    answerCreate({ code: '20000', data: { task_id: 't-1' } });
    await jimmyai.createImageTask(REQUEST);
    expect(waits).toEqual([30_000]);
  });

  test('gives up at once when Retry-After is too long to wait', async () => {
    answerCreate('', { status: 429, headers: { 'retry-after': '3600' } });
    await expect(jimmyai.createImageTask(REQUEST)).rejects.toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 3_600_000,
    });
    expect(waits).toEqual([]);
  });

  test('tries again when no connection was made', async () => {
    const refused = new ConnectError('Could not connect');
    agent.get(ORIGIN).intercept({ path: IMAGES, method: 'POST' }).replyWithError(refused).times(2);
    answerCreate({ code: '20000', data: { task_id: 't-1' } });
    await expect(jimmyai.createImageTask(REQUEST)).resolves.toEqual({ taskId: 't-1' });
  });

  test('sends nothing for a caller that has already given up', async () => {
    const signal = AbortSignal.abort();
    await expect(jimmyai.createImageTask(REQUEST, { signal })).rejects.toMatchObject({
      kind: 'aborted',
      charged: 'no',
    });
    expect(callCount()).toBe(0);
  });

  test('asks before each try whether it may still be sent', async () => {
    answerCreate('', { status: 429 });
    let mayBeSent = true;
    const beforeTry = () => {
      if (!mayBeSent) throw new Error('not any more');
      mayBeSent = false;
    };
    await expect(jimmyai.createImageTask(REQUEST, { beforeTry })).rejects.toThrow('not any more');
    expect(callCount()).toBe(1);
  });

  test('shortens a long message, and never repeats the key that the service quotes', async () => {
    answerCreate({ code: '77', msg: `key ${API_KEY} ${'长'.repeat(1_000)}` });
    const error = await jimmyai.createImageTask(REQUEST).catch((caught) => caught);
    expect(error.serviceMessage).toMatch(/^key \[key\] 长+…$/);
    expect(error.serviceMessage).toHaveLength(300);
  });
});

test.each([
  ['as it is', 'ab/cd"1', JSON.stringify('ab/cd"1')],
  ['with escaped slashes', 'ab/cd', '"ab\\/cd"'],
  ['by its characters’ numbers', 'ab/cd', '"\\u0061\\u0062\\u002F\\u0063\\u0064"'],
])('a key that the service quotes %s is not repeated', async (_, apiKey, quoted) => {
  const client = createJimmyAi({ baseUrl: ORIGIN, apiKey, dispatcher: agent });
  answerCreate(`{"code":"77","msg":${quoted}}`);
  await expect(client.createImageTask(REQUEST)).rejects.toMatchObject({ serviceMessage: '[key]' });
});

describe('querying a task', () => {
  test.each([
    [{ status: 'queued' }, { status: 'waiting', progress: null, serviceStatus: 'queued' }],
    [
      { status: 'submitted', progress: null },
      { status: 'waiting', progress: null, serviceStatus: 'submitted' },
    ],
    [
      { status: 'processing', progress: 40, result: null },
      { status: 'running', progress: 40, serviceStatus: 'processing' },
    ],
    [
      { status: 'in_progress', progress: '55%' },
      { status: 'running', progress: 55, serviceStatus: 'in_progress' },
    ],
    [
      { status: 'running', progress: 180 },
      { status: 'running', progress: 100, serviceStatus: 'running' },
    ],
    [
      { status: 'running', progress: -3 },
      { status: 'running', progress: 0, serviceStatus: 'running' },
    ],
    [
      { status: 'reticulating', progress: {} },
      { status: 'running', progress: null, serviceStatus: 'reticulating' },
    ],
    [
      { status: 'failed', error_message: 'no luck' },
      { status: 'failed', reason: 'no luck' },
    ],
    [
      { status: 'error', error_message: '', error_msg: 'older' },
      { status: 'failed', reason: 'older' },
    ],
    [
      { status: 'cancelled', fail_reason: 'oldest' },
      { status: 'failed', reason: 'oldest' },
    ],
    [{ status: 'canceled' }, { status: 'failed', reason: null }],
    [
      { status: 'completed', result: { image_url: 'https://cdn.test/a.png' } },
      { status: 'completed', imageUrl: 'https://cdn.test/a.png', completedAt: null },
    ],
    [
      { status: 'succeeded', result: { image_url: '', image_urls: ['https://cdn.test/b.png'] } },
      { status: 'completed', imageUrl: 'https://cdn.test/b.png', completedAt: null },
    ],
    [
      { status: 'success', result: { image_url: '/files/c.png?x=1' } },
      { status: 'completed', imageUrl: `${ORIGIN}/files/c.png?x=1`, completedAt: null },
    ],
  ])('reads %j', async (data, report) => {
    answerTask(data);
    await expect(jimmyai.queryImageTask('t-1')).resolves.toEqual(report);
  });

  test.each([
    [{ status: 'completed' }],
    [{ status: 'completed', result: { image_urls: [] } }],
    [{ status: 'completed', result: { image_url: 'javascript:alert(1)' } }],
    [{ progress: 40 }],
  ])('does not accept %j, even asked twice', async (data) => {
    answerTask(data);
    answerTask(data);
    await expect(jimmyai.queryImageTask('t-1')).rejects.toMatchObject({
      kind: 'malformed-answer',
      charged: 'no',
    });
  });

  test('reads an answer without an envelope', async () => {
    answerQuery({ status: 'processing', progress: 7 });
    await expect(jimmyai.queryImageTask('t-1')).resolves.toMatchObject({ progress: 7 });
  });

  test('tries again after a lost connection', async () => {
    agent
      .get(ORIGIN)
      .intercept({ path: `${IMAGES}/t-1` })
      .replyWithError(new Error('reset'));
    answerTask({ status: 'processing' });
    await expect(jimmyai.queryImageTask('t-1')).resolves.toMatchObject({ status: 'running' });
    expect(waits).toEqual([1_000]);
  });

  test('keeps a strange task id inside its path segment', async () => {
    agent
      .get(ORIGIN)
      .intercept({ path: `${IMAGES}/..%2F%3Fa` })
      .reply(200, { code: '20000', data: { status: 'queued' } });
    await expect(jimmyai.queryImageTask('../?a')).resolves.toMatchObject({ status: 'waiting' });
  });
});

test('each try of a call is told to whoever listens', async () => {
  const attempts: unknown[] = [];
  jimmyai.onAttempt((attempt) => attempts.push(attempt));
  answerCreate({ code: -1, msg: 'server error' });
  answerCreate({ code: '20000', data: { task_id: 't-1' } });
  await jimmyai.createImageTask(REQUEST);
  expect(attempts).toEqual([
    { call: 'create', outcome: 'unavailable', isRetry: false },
    { call: 'create', outcome: 'ok', isRetry: true },
  ]);
});

test.each([
  [
    { balance: 100, used_coin: 40, available: 60 },
    { available: 60, used: 40 },
  ],
  [
    { balance: '12.5', available: '' },
    { available: 12.5, used: null },
  ],
  [{ available: 0 }, { available: 0, used: null }],
])('reads the account’s balance %j', async (data, balance) => {
  agent.get(ORIGIN).intercept({ path: '/api/open-api/v1/user/balance' }).reply(200, { code: 20000, data });
  await expect(jimmyai.queryAccountBalance()).resolves.toEqual(balance);
});

test.each([
  [
    { name: 'bot', total_quota: 100, available_quota: 7, unlimited: false },
    { name: 'bot', available: 7, total: 100 },
  ],
  [
    { name: 'bot', total_quota: 0, available_quota: 0 },
    { name: 'bot', available: null, total: null },
  ],
  [
    { total_quota: 5, unlimited: true },
    { name: null, available: null, total: null },
  ],
])('reads the key’s balance %j', async (data, balance) => {
  agent.get(ORIGIN).intercept({ path: '/api/open-api/v1/key/balance' }).reply(200, { code: '20000', data });
  await expect(jimmyai.queryKeyBalance()).resolves.toEqual(balance);
});

test('a balance that says nothing of coins is none', async () => {
  agent
    .get(ORIGIN)
    .intercept({ path: '/api/open-api/v1/user/balance' })
    .reply(200, { code: '20000', data: { available: 'plenty' } });
  await expect(jimmyai.queryAccountBalance()).rejects.toMatchObject({ kind: 'malformed-answer' });
});

test('a base URL with a path keeps it', async () => {
  const proxied = createJimmyAi({ baseUrl: `${ORIGIN}/proxy/`, apiKey: API_KEY, dispatcher: agent });
  agent
    .get(ORIGIN)
    .intercept({ path: `/proxy${IMAGES}/t-1` })
    .reply(200, { code: '20000', data: { status: 'queued' } });
  await expect(proxied.queryImageTask('t-1')).resolves.toMatchObject({ status: 'waiting' });
});
