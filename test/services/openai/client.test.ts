import { MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImageServiceError } from '../../../src/services/image-service/errors.ts';
import { FILE, FOX, KEY, MADE, type OpenAiServer, openAis, PNG, startOpenAiServer } from './openai-server.ts';

const NOTHING = { references: [], mask: null };

let server: OpenAiServer;
beforeEach(async () => {
  server = await startOpenAiServer();
});
afterEach(() => server.close());

describe('an answer', () => {
  test.each([
    ['as OpenAI gives it', MADE],
    ['in the envelope of JimmyAI', { code: '20000', msg: 'ok', data: MADE }],
    ['with the number 0 as the code of success', { code: 0, msg: 'ok', data: MADE }],
    [
      'with a data URI where the bytes belong',
      { data: [{ b64_json: `data:image/png;base64,${MADE.data[0]?.b64_json}` }] },
    ],
  ])('%s holds the bytes', async (_, body) => {
    server.answers = [{ body }];
    expect(await server.create()).toEqual({ kind: 'image', bytes: PNG });
  });

  test.each([
    ['https://cdn.test/a.png', 'https://cdn.test/a.png'],
    ['/files/a.png', (base: string) => `${new URL(base).origin}/files/a.png`],
  ])('may name an address, also a relative one: %s', async (url, expected) => {
    server.answers = [{ body: { created: 1, data: [{ url, revised_prompt: 'a fox' }] } }];
    const where = typeof expected === 'string' ? expected : expected(server.baseUrl);
    expect(await server.create()).toEqual({ kind: 'image', url: where });
  });
});

describe('a stream of events', () => {
  const partial = { type: 'image_edit.partial_image', b64_json: 'cGFydA==' };
  const completed = { type: 'image_edit.completed', b64_json: PNG.toString('base64') };

  test('that ends before the image is finished holds none, and may have been charged', async () => {
    server.answers = [{ body: `data: ${JSON.stringify(partial)}\n\n` }];
    await expect(server.create()).rejects.toMatchObject({ kind: 'malformed-answer', charged: 'maybe' });
  });

  test('may break its lines as Windows does, and have its data in several', async () => {
    const lines = JSON.stringify(completed, null, 1).split('\n');
    server.answers = [
      {
        body: `id: 1\r\ndata:${JSON.stringify(partial)}\r\n\r\n${lines.map((line) => `data: ${line}\r\n`).join('')}\r\n`,
      },
    ];
    expect(await server.create()).toEqual({ kind: 'image', bytes: PNG });
  });

  test('that ends in an error is told as the error', async () => {
    const error = openAis('moderation_blocked', 'rejected by the safety system');
    server.answers = [
      { body: `event: error\ndata: ${JSON.stringify({ type: 'error', ...error })}\n\ndata: [DONE]\n\n` },
    ];
    await expect(server.create()).rejects.toMatchObject({ kind: 'content-policy', charged: 'maybe' });
  });
});

test('a file is the image, unless it comes with an error', async () => {
  server.answers = [{ body: PNG }, { status: 404, body: PNG }];
  const openAi = server.client();
  expect(await openAi.create(FOX, NOTHING)).toEqual({ kind: 'image', bytes: PNG });
  await expect(openAi.create(FOX, NOTHING)).rejects.toMatchObject({ kind: 'malformed-answer' });
});

/** What is certain to have cost nothing, what may have, and what the person is told. */
describe.each([
  [400, openAis('moderation_blocked', 'rejected by the safety system'), 'content-policy', 'no'],
  [400, openAis('invalid_value', "Invalid value: '9x9'."), 'parameters', 'no'],
  [401, openAis('invalid_api_key', 'Incorrect API key provided.'), 'authentication', 'no'],
  [401, '<h1>401</h1>', 'authentication', 'no'],
  [403, openAis(null, 'Your organization must be verified to use the model'), 'model-unavailable', 'no'],
  [403, '<h1>403 Forbidden</h1>', 'malformed-answer', 'maybe'],
  [404, openAis('model_not_found', "The model 'x' does not exist."), 'model-unavailable', 'no'],
  [404, '404 page not found', 'malformed-answer', 'no'],
  [413, '<h1>413</h1>', 'parameters', 'no'],
  [422, { detail: [{ msg: 'field required' }] }, 'parameters', 'no'],
  [
    429,
    openAis('credit_balance_exhausted', 'You exceeded your current quota', 'insufficient_quota'),
    'credit',
    'no',
  ],
  [400, openAis('billing_hard_limit_reached', 'Billing hard limit has been reached'), 'credit', 'no'],
  [500, openAis(null, 'The server had an error', 'server_error'), 'unavailable', 'maybe'],
  [502, '<h1>502 Bad Gateway</h1>', 'unavailable', 'maybe'],
  [503, openAis(null, 'overloaded', 'server_error'), 'unavailable', 'maybe'],
  [504, '<h1>504 Gateway Time-out</h1>', 'unavailable', 'maybe'],
  [408, openAis(null, 'Request timed out'), 'timeout', 'maybe'],
  [499, '<h1>499</h1>', 'timeout', 'maybe'],
  // As LiteLLM refuses what goes over a budget, and models that a key doesn't have.
  [
    400,
    openAis('400', 'Budget has been exceeded! Current cost: 10.0, Max budget: 5.0', 'budget_exceeded'),
    'credit',
    'no',
  ],
  [400, openAis('400', 'ExceededBudget: User=u1 over budget. Spend=10.6, Budget=10.0'), 'credit', 'no'],
  [429, openAis('429', 'LiteLLM User: u1, exceeded budget for model=x', 'budget_exceeded'), 'credit', 'no'],
  [
    401,
    openAis('401', 'key not allowed to access model. Tried to access x', 'key_model_access_denied'),
    'model-unavailable',
    'no',
  ],
  [
    400,
    openAis('400', '/images/generations: Invalid model name passed in model=x.'),
    'model-unavailable',
    'no',
  ],
  // As new-api, vLLM, Ollama and Azure do.
  [403, openAis('', '该令牌无权访问模型 x', 'new_api_error'), 'model-unavailable', 'no'],
  [
    404,
    { object: 'error', message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 },
    'model-unavailable',
    'no',
  ],
  [404, openAis(null, "model 'x' not found"), 'model-unavailable', 'no'],
  [
    404,
    openAis('DeploymentNotFound', 'The API deployment for this resource does not exist.'),
    'model-unavailable',
    'no',
  ],
  [404, openAis('404', 'Resource not found'), 'unknown-code', 'no'],
  [200, '<h1>Welcome</h1>', 'malformed-answer', 'maybe'],
  [200, { created: 1, data: [] }, 'malformed-answer', 'maybe'],
  [200, { code: '20001', msg: 'authentication failed' }, 'authentication', 'no'],
  [200, { code: '20002', msg: 'bad parameters: size' }, 'parameters', 'no'],
  [200, { code: '-1', msg: 'server error' }, 'unavailable', 'maybe'],
  [200, { code: 50010, msg: '余额不足' }, 'credit', 'no'],
] as const)('HTTP %s with %j', (status, body, kind, charged) => {
  test(`is ${kind}, and ${charged === 'no' ? 'certainly cost nothing' : 'may have been charged'}`, async () => {
    server.answers = [{ status, body }];
    const error = await server.create().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ImageServiceError);
    expect(error).toMatchObject({ kind, charged });
    expect(server.received).toHaveLength(1);
  });
});

test('a picture tool is refused, and nothing is sent', async () => {
  const request = server.create({ ...FOX, tool: { name: 'remove-bg' } }, [FILE]);
  await expect(request).rejects.toMatchObject({ kind: 'model-unavailable', charged: 'no' });
  expect(server.received).toEqual([]);
});

test('too many requests are waited out, as long as the server says', async () => {
  const waits: number[] = [];
  const busy = openAis('rate_limit_exceeded', 'Rate limit reached', 'requests');
  server.answers = [{ status: 429, body: busy, headers: { 'retry-after': '7' } }, { body: MADE }];
  await server.create(FOX, [], { delay: async (ms) => void waits.push(ms) });
  expect(waits).toEqual([7000]);
});

test('a server of one’s own may ask for no key', async () => {
  server.answers = [{ body: MADE }];
  await server.client({ apiKey: null }).create(FOX, NOTHING);
  await server.client().create(FOX, NOTHING);
  expect(server.received.map(({ key }) => key)).toEqual([undefined, `Bearer ${KEY}`]);
});

test('Azure gets the key in its own header, and the version of its API with each call', async () => {
  const agent = new MockAgent({ enableCallHistory: true });
  agent.disableNetConnect();
  const path = '/openai/deployments/images/images/generations?api-version=2025-04-01-preview';
  agent.get('https://name.openai.azure.com').intercept({ path, method: 'POST' }).reply(200, MADE);
  const azure = 'https://name.openai.azure.com/openai/deployments/images?api-version=2025-04-01-preview';
  expect(await server.create(FOX, [], { baseUrl: azure, dispatcher: agent })).toEqual({
    kind: 'image',
    bytes: PNG,
  });
  const headers = agent.getCallHistory()?.lastCall()?.headers;
  expect(headers).toMatchObject({ 'api-key': KEY });
  expect(headers).not.toHaveProperty('authorization');
  await agent.close();
});

test('a key so short that it stands among the bytes by chance spoils no image', async () => {
  server.answers = [{ body: MADE }];
  expect(await server.create(FOX, [], { apiKey: 'o' })).toEqual({ kind: 'image', bytes: PNG });
});

test.each([
  ['white space that keeps the connection open', ' '],
  ['its headers, and nothing more', ''],
])('an answer may begin with %s, long before the image is made', async (_, heartbeat) => {
  server.answers = [{ body: MADE, heartbeat }];
  expect(await server.create(FOX, [], { timeouts: { bodyMs: 50 } })).toEqual({ kind: 'image', bytes: PNG });
});

test('an answer that has begun is waited for no longer than any other', async () => {
  server.answers = [{ body: MADE, heartbeat: ' ' }];
  const request = server.create(FOX, [], { createMs: 100, timeouts: { bodyMs: 50 } });
  await expect(request).rejects.toMatchObject({ kind: 'timeout', charged: 'maybe' });
});

test('where nobody listens, nothing was charged', async () => {
  server.close();
  await expect(server.create()).rejects.toMatchObject({ kind: 'unreachable', charged: 'no' });
});
