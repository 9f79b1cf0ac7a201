import { MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImageServiceError } from '../../../src/services/image-service/errors.ts';
import { CREATE_RETRY } from '../../../src/services/image-service/retry.ts';
import { createJimmyAi, type JimmyAi } from '../../../src/services/jimmyai/client.ts';

const ORIGIN = 'https://jimmyai.test';
const REQUEST = { model: 'nano-banana', prompt: 'a fox', ratio: 'auto', resolution: '1k' };

const STATUSES = [
  ...[200, 201, 302, 400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 499],
  ...[500, 501, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530],
];

/**
 * `made`: the task exists. `retried`: it was certainly not taken, and is sent again. `refused`: certainly not taken, and
 * another try would be refused as well. `unconfirmed`: it may have been charged, and was sent once.
 */
type Outcome = 'made' | 'retried' | 'refused' | 'unconfirmed';

interface Row {
  readonly shape: string;
  readonly body: string;
  readonly usual: Outcome;
  readonly except?: Readonly<Record<number, Outcome>>;
}

const FAILED_INSIDE = Object.fromEntries(
  [408, ...STATUSES.filter((status) => status >= 500 && status !== 503)].map((status) => [
    status,
    'unconfirmed',
  ]),
) satisfies Record<number, Outcome>;
/** A 429 is always before the service. */
const TOO_MANY = { 429: 'retried' } as const;

const ROWS: readonly Row[] = [
  { shape: 'a page of HTML', body: '<html><h1>Error</h1></html>', usual: 'unconfirmed', except: TOO_MANY },
  { shape: 'nothing', body: '', usual: 'unconfirmed', except: TOO_MANY },
  { shape: 'plain text', body: 'upstream connect error', usual: 'unconfirmed', except: TOO_MANY },
  { shape: 'half an envelope', body: '{"code":-1,"msg":"ser', usual: 'unconfirmed', except: TOO_MANY },
  { shape: 'JSON null', body: 'null', usual: 'unconfirmed', except: TOO_MANY },
  { shape: 'a list', body: '[{"code":20002,"msg":"no"}]', usual: 'unconfirmed', except: TOO_MANY },
  json('an envelope without a code', { msg: 'service unavailable', data: null }, 'unconfirmed', TOO_MANY),
  json('an empty object', {}, 'unconfirmed', TOO_MANY),
  json("another API's error", { error: { message: 'overloaded', code: 'busy' } }, 'unconfirmed', TOO_MANY),
  json("a gateway's JSON", { code: 503, message: 'no healthy upstream' }, 'unconfirmed', TOO_MANY),
  json('success without a task', { code: '20000', msg: 'ok', data: {} }, 'unconfirmed', TOO_MANY),
  json('success as 0 without a task', { code: 0, msg: 'ok', data: null }, 'unconfirmed', TOO_MANY),
  json('a task id beside an error', { code: -1, msg: 'error', data: { task_id: 't-1' } }, 'made'),
  json('a task id beside bad parameters', { code: 20002, msg: 'no', data: { task_id: 7 } }, 'made'),
  json('a task id in a list', { code: 0, data: [{ task_id: 't-1' }] }, 'made'),
  json('a broken task id beside an error', { code: -1, msg: 'e', data: { task_id: {} } }, 'unconfirmed'),
  json('a server error', { code: -1, msg: 'server error' }, 'retried'),
  json('a server error as text', { code: '-1', msg: '系统繁忙', data: null }, 'retried'),
  json('a refused key', { code: 20001, msg: 'bad key' }, 'refused'),
  json('bad parameters', { code: '20002', msg: 'bad ratio' }, 'refused'),
  json('an empty account', { code: 40201, msg: '余额不足' }, 'refused'),
  json('an unknown code', { code: '40777', msg: '模型维护中' }, 'refused', {
    ...FAILED_INSIDE,
    ...TOO_MANY,
    503: 'retried',
  }),
];

function json(shape: string, body: object, usual: Outcome, except: Row['except'] = {}): Row {
  return { shape, body: JSON.stringify(body), usual, except };
}

let agent: MockAgent;
let jimmyai: JimmyAi;
let sent: number;

beforeEach(() => {
  sent = 0;
  agent = new MockAgent();
  agent.disableNetConnect();
  jimmyai = createJimmyAi({
    baseUrl: ORIGIN,
    apiKey: 'sk-secret',
    dispatcher: agent,
    delay: async () => undefined,
  });
});
afterEach(async () => {
  await jimmyai.close();
  await agent.close();
});

describe.each(ROWS)('a create answered with $shape', ({ body, usual, except }) => {
  test.each(STATUSES.map((status) => [status, except?.[status] ?? usual] as const))(
    'and HTTP %i is %s',
    async (status, outcome) => {
      expect(await create(status, body, 'application/json')).toBe(outcome);
      expect(await create(status, body, 'text/html; charset=gbk'), 'the content type is no proof').toBe(
        outcome,
      );
    },
  );
});

test.each([
  ['a name that does not resolve', Object.assign(new Error('no'), { code: 'ENOTFOUND' }), 'retried'],
  ['a refused connection', Object.assign(new Error('no'), { code: 'ECONNREFUSED' }), 'retried'],
  ["a proxy's TLS", Object.assign(new Error('no'), { code: 'UND_ERR_PRX_TLS' }), 'retried'],
  ['a reset', Object.assign(new Error('no'), { code: 'ECONNRESET' }), 'unconfirmed'],
  ['a broken pipe', Object.assign(new Error('no'), { code: 'EPIPE' }), 'unconfirmed'],
  ['a time-out', Object.assign(new Error('no'), { code: 'ETIMEDOUT' }), 'unconfirmed'],
] as const)('a create that ends in %s is %s', async (_, error, outcome) => {
  agent
    .get(ORIGIN)
    .intercept({ path: () => true, method: 'POST' })
    .replyWithError(error)
    .persist();
  const made = await jimmyai.createImageTask(REQUEST).catch((failed: unknown) => failed);
  expect(made).toMatchObject(
    outcome === 'retried' ? { kind: 'unreachable', charged: 'no' } : { charged: 'maybe' },
  );
});

async function create(status: number, body: string, type: string): Promise<Outcome> {
  sent = 0;
  agent
    .get(ORIGIN)
    .intercept({ path: () => true, method: 'POST' })
    .reply(() => {
      sent += 1;
      return { statusCode: status, data: body, responseOptions: { headers: { 'content-type': type } } };
    })
    .times(CREATE_RETRY.delaysMs.length + 1);
  try {
    await jimmyai.createImageTask(REQUEST);
    expect(sent).toBe(1);
    return 'made';
  } catch (error) {
    if (!(error instanceof ImageServiceError)) throw error;
    if (error.charged === 'no') return sent > 1 ? 'retried' : 'refused';
    expect(sent).toBe(1);
    return 'unconfirmed';
  }
}
