import { MockAgent } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJimmyAi, type JimmyAi } from '../../../src/services/jimmyai/client.ts';

const ORIGIN = 'https://jimmyai.test';
const SOURCE = 'https://jimmyai.test/files/source.png';
const MADE = 'https://cdn.example/made.webp';
const PNG = Buffer.from('\x89PNG\r\n\x1a\n'.padEnd(80, '.'), 'latin1').toString('base64');

let agent: MockAgent;
let jimmyai: JimmyAi;
beforeEach(() => {
  agent = new MockAgent({ enableCallHistory: true });
  agent.disableNetConnect();
  jimmyai = createJimmyAi({
    baseUrl: ORIGIN,
    apiKey: 'sk-secret',
    dispatcher: agent,
    delay: async () => undefined,
  });
});
afterEach(async () => {
  agent.assertNoPendingInterceptors();
  await jimmyai.close();
  await agent.close();
});

const use = () => jimmyai.usePictureTool({ name: 'upscale', factor: 4 }, SOURCE);

function answer(body: object | string, status = 200, times = 1): void {
  agent
    .get(ORIGIN)
    .intercept({ path: '/api/open-api/v1/images/upscale', method: 'POST' })
    .reply(status, body)
    .times(times);
}

function data(fields: object): object {
  return { code: 0, msg: 'ok', data: { task_id: 'upsc_1', status: 'completed', ...fields } };
}

test('the call names what the page names, and asks for an address', async () => {
  answer(data({ image_url: MADE, cost: 0.02 }));
  expect(await use()).toEqual({ kind: 'image', url: MADE, cost: 0.02 });
  expect(JSON.parse(String(agent.getCallHistory()?.lastCall()?.body))).toEqual({
    image_url: SOURCE,
    upscale_mode: 'factor',
    upscale_factor: 4,
    output_format: 'webp',
    response_format: 'url',
  });
});

test('a background is removed into a transparent PNG', async () => {
  agent
    .get(ORIGIN)
    .intercept({ path: '/api/open-api/v1/images/remove-bg', method: 'POST' })
    .reply(200, data({ image_url: MADE, cost: 0.01 }));
  expect(await jimmyai.usePictureTool({ name: 'remove-bg' }, SOURCE)).toEqual({
    kind: 'image',
    url: MADE,
    cost: 0.01,
  });
  expect(JSON.parse(String(agent.getCallHistory()?.lastCall()?.body))).toEqual({
    image_url: SOURCE,
    response_format: 'url',
    output_format: 'png',
  });
});

test('a picture that stands in the answer is taken as well, also beside the address of its source', async () => {
  for (const fields of [{ b64_json: PNG }, { b64_json: PNG, image_url: SOURCE }]) {
    answer(data(fields));
    expect(await use()).toEqual({ kind: 'image', bytes: Buffer.from(PNG, 'base64') });
  }
});

test.each([
  ['no picture', data({})],
  ['the source alone', data({ image_url: SOURCE })],
  ['a page of HTML', '<html></html>'],
])('%s may have been charged', async (_, body) => {
  answer(body);
  await expect(use()).rejects.toMatchObject({ charged: 'maybe', kind: 'malformed-answer' });
});

test('the file itself is taken as well, unless it comes with an error', async () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  answer(png);
  answer(png, 502);
  expect(await use()).toEqual({ kind: 'image', bytes: png });
  await expect(use()).rejects.toMatchObject({ kind: 'unavailable', charged: 'maybe' });
});

test('a time-out of a proxy may have been charged, and is not called again', async () => {
  answer('<html></html>', 504);
  await expect(use()).rejects.toMatchObject({ charged: 'maybe' });
  expect(agent.getCallHistory()?.calls()).toHaveLength(1);
});

test.each([
  ['20002', 'parameters'],
  ['40201', 'credit'],
])('the service’s own refusal with code %s is certainly not charged', async (code, kind) => {
  answer({ code, msg: code === '40201' ? '余额不足' : 'bad image', data: { image_url: SOURCE } });
  await expect(use()).rejects.toMatchObject({ charged: 'no', kind });
});

test.each(['-1', '50013'])(
  'a picture that comes with the error code %s is taken, and not made again',
  async (code) => {
    answer({ code, msg: '上游服务异常', data: { task_id: 'upsc_1', image_url: MADE, cost: 0.02 } });
    expect(await use()).toEqual({ kind: 'image', url: MADE, cost: 0.02 });
  },
);

test('work that comes with an error code and without a picture may have been charged', async () => {
  answer({ code: '50013', msg: '上游服务异常', data: { task_id: 'upsc_1' } });
  await expect(use()).rejects.toMatchObject({ charged: 'maybe' });
});

test('code -1 is what the service asks to try again', async () => {
  answer({ code: -1, msg: 'server error' });
  answer(data({ image_url: MADE }));
  expect(await use()).toEqual({ kind: 'image', url: MADE });
});
