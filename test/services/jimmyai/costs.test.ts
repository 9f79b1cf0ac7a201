import { MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createJimmyAi, type JimmyAi } from '../../../src/services/jimmyai/client.ts';

const ORIGIN = 'https://jimmyai.test';
const IMAGES = '/api/open-api/v1/images';
const CATALOG = '/api/openapi/model/catalog';
const REQUEST = { model: 'gpt-image-2', prompt: 'a fox', ratio: 'auto', resolution: '1k' };

let agent: MockAgent;
let jimmyai: JimmyAi;
beforeEach(() => {
  agent = new MockAgent({ enableCallHistory: true });
  agent.disableNetConnect();
  jimmyai = createJimmyAi({ baseUrl: ORIGIN, apiKey: 'sk-secret', dispatcher: agent });
});
afterEach(async () => {
  await jimmyai.close();
  await agent.close();
});

function answer(method: 'GET' | 'POST', path: string, body: object | string, status = 200): void {
  agent.get(ORIGIN).intercept({ path, method }).reply(status, body);
}

async function created(data: object): Promise<unknown> {
  answer('POST', IMAGES, { code: '20000', msg: 'ok', data: { task_id: 't-1', ...data } });
  return await jimmyai.createImageTask(REQUEST);
}

async function queried(data: object): Promise<unknown> {
  answer('GET', `${IMAGES}/t-1`, { code: 0, msg: 'ok', data: { task_id: 't-1', ...data } });
  return (await jimmyai.queryImageTask('t-1')).cost;
}

test.each([
  [0.12, 0.12],
  ['0.12', 0.12],
  [' 1.5 ', 1.5],
  [0, 0],
])('a cost of %j is told with the task’s id, and with each report', async (cost, coins) => {
  expect(await created({ cost })).toEqual({ taskId: 't-1', cost: coins });
  expect(await queried({ status: 'processing', cost })).toBe(coins);
  expect(await queried({ status: 'completed', cost, result: { image_url: 'https://x.test/1.png' } })).toBe(
    coins,
  );
  expect(await queried({ status: 'failed', cost })).toBe(coins);
});

test.each([undefined, null, '', -0.1, '-1', 'NaN', 'Infinity', 'much', true, {}, [0.1], 1e300, '1e9'])(
  'a cost of %j is none that was told, and takes nothing else away',
  async (cost) => {
    expect(await created({ cost })).toEqual({ taskId: 't-1' });
    expect(await queried({ status: 'processing', cost })).toBeUndefined();
  },
);

describe('the catalog', () => {
  const entry = {
    model_name: 'nano-banana',
    display_name: 'Nano Banana',
    model_type: 'image',
    price_mode: 'per_task',
  };
  const asked = async (list: unknown) => {
    answer('GET', CATALOG, { code: 20000, msg: 'ok', data: { list } });
    return Object.fromEntries(await jimmyai.queryCatalog());
  };

  test('gives the prices of what is billed by the task, by billing name', async () => {
    const list = [
      { ...entry, unit_price: 0.04 },
      { ...entry, model_name: 'gpt-image-1.5-high', unit_price: '0.2', official_price: 0.3, group: 'GPT' },
      { model_name: 'doubao-seedream-5-0-pro-ref', unit_price: 0.024 },
      { ...entry, model_name: 'seedance2.5', price_mode: 'per_second', unit_price: 0.05 },
    ];
    expect(await asked(list)).toEqual({
      'nano-banana': 0.04,
      'gpt-image-1.5-high': 0.2,
      'doubao-seedream-5-0-pro-ref': 0.024,
    });
  });

  test('is asked for without the key', async () => {
    await asked([]);
    const call = agent.getCallHistory()?.lastCall();
    expect(call?.path).toBe(CATALOG);
    expect(call?.headers).not.toHaveProperty('authorization');
  });

  test('leaves out what names no model or no price', async () => {
    const odd = [null, 'nano-banana', [], {}, { ...entry, unit_price: -1 }, { ...entry, unit_price: 0 }];
    const odder = [
      { ...entry },
      { ...entry, unit_price: 'NaN' },
      { model_name: 7, unit_price: 1 },
      { model_name: ' ', unit_price: 1 },
    ];
    expect(await asked([...odd, ...odder, { ...entry, unit_price: 0.04 }])).toEqual({ 'nano-banana': 0.04 });
  });

  test('is read whole, also where it lists hundreds of models, and up to a bound', async () => {
    const list = (length: number) =>
      Array.from({ length }, (_, index) => ({ ...entry, model_name: `model-${index}`, unit_price: 0.01 }));
    expect(Object.keys(await asked(list(400)))).toHaveLength(400);
    const short = (length: number) =>
      Array.from({ length }, (_, index) => ({ model_name: `m${index}`, unit_price: 1 }));
    expect(Object.keys(await asked(short(9000)))).toHaveLength(5000);
  });

  test.each([
    ['an error', { code: -1, msg: 'server error' }, 200, 'unavailable'],
    ['no list', { code: 20000, msg: 'ok', data: { list: 'none' } }, 200, 'malformed-answer'],
    ['a page', '<html></html>', 200, 'malformed-answer'],
    ['nothing there', '<html></html>', 404, 'malformed-answer'],
  ])(
    'that is answered with %s is asked for once, and told as the error it is',
    async (_, body, status, kind) => {
      answer('GET', CATALOG, body, status);
      await expect(jimmyai.queryCatalog()).rejects.toMatchObject({ kind, charged: 'no' });
      expect(agent.getCallHistory()?.calls()).toHaveLength(1);
    },
  );
});
