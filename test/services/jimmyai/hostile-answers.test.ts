import fc from 'fast-check';
import { MockAgent } from 'undici';
import { afterAll, expect, test } from 'vitest';
import { ImageServiceError } from '../../../src/services/image-service/errors.ts';
import {
  ASK_ONCE,
  CREATE_RETRY,
  QUERY_RETRY,
  UPLOAD_RETRY,
} from '../../../src/services/image-service/retry.ts';
import { createJimmyAi, type JimmyAi } from '../../../src/services/jimmyai/client.ts';

/** `npm run test:fuzz` tries twenty times as many. */
const ANSWERS = process.env.MODE === 'fuzz' ? 100_000 : 5_000;
const TIMEOUT_MS = 600_000;

const ORIGIN = 'https://jimmyai.test';
const API_KEY = 'sk-se/cret"key';
const CREATE = { model: 'nano-banana', prompt: 'a fox', ratio: 'auto', resolution: '1k' };
const FILE = { bytes: Buffer.from('bytes'), filename: 'a.png', mimeType: 'image/png' };

interface HostileAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

const agent = new MockAgent();
agent.disableNetConnect();
let answer: HostileAnswer;
let requests = 0;
for (const method of ['GET', 'POST']) {
  const any = agent.get(ORIGIN).intercept({ path: () => true, method });
  any
    .reply(() => {
      requests += 1;
      return { statusCode: answer.status, data: answer.body, responseOptions: { headers: answer.headers } };
    })
    .persist();
}
const client = createJimmyAi({
  baseUrl: ORIGIN,
  apiKey: API_KEY,
  dispatcher: agent,
  delay: async () => undefined,
});
afterAll(async () => {
  await client.close();
  await agent.close();
});

test(
  'whatever the service answers, it is read or refused: no other error, no secret, no endless tries, no create called free that may not be',
  async () => {
    await fc.assert(
      fc.asyncProperty(hostileAnswers(), async (given) => {
        answer = given;
        const created = await outcome((jimmyai) => jimmyai.createImageTask(CREATE), CREATE_RETRY);
        if (created.error?.charged === 'no') expect(isCertainRefusal(given)).toBe(true);
        // With the id that the service has given, since it may be hostile, too.
        const taskId = created.result?.taskId ?? 't-1';
        const queried = await outcome((jimmyai) => jimmyai.queryImageTask(taskId), QUERY_RETRY);
        const uploaded = await outcome((jimmyai) => jimmyai.uploadFile(FILE), UPLOAD_RETRY);
        const account = await outcome((jimmyai) => jimmyai.queryAccountBalance(), ASK_ONCE);
        const key = await outcome((jimmyai) => jimmyai.queryKeyBalance(), ASK_ONCE);
        const catalog = await outcome((jimmyai) => jimmyai.queryCatalog(), ASK_ONCE);
        for (const coins of [account.result?.available, key.result?.available ?? 0])
          expect(Number.isFinite(coins ?? 0)).toBe(true);
        const costs = [created.result?.cost, queried.result?.cost, ...(catalog.result?.values() ?? [])];
        for (const cost of costs) expect(isCost(cost ?? 0)).toBe(true);
        expect(key.result?.name?.length ?? 0).toBeLessThanOrEqual(300);
        for (const { error } of [queried, uploaded, account, key, catalog])
          expect(error?.charged ?? 'no').toBe('no');
      }),
      { numRuns: ANSWERS },
    );
  },
  TIMEOUT_MS,
);

function isCost(coins: number): boolean {
  return coins >= 0 && coins <= 100_000;
}

type Outcome<T> =
  | { readonly result: T; readonly error: null }
  | { readonly result: null; readonly error: ImageServiceError };

/** Calls, and checks what holds for every outcome. */
async function outcome<T>(
  call: (jimmyai: JimmyAi) => Promise<T>,
  { delaysMs }: { delaysMs: readonly number[] },
): Promise<Outcome<T>> {
  requests = 0;
  try {
    const result = await call(client);
    expect(JSON.stringify(result)).not.toContain(JSON.stringify(API_KEY).slice(1, -1));
    return { result, error: null };
  } catch (error) {
    if (!(error instanceof ImageServiceError)) throw error;
    const { message, stack, serviceMessage, cause } = error;
    expect([message, stack, serviceMessage, String(cause)].join('\n')).not.toContain(API_KEY);
    expect(serviceMessage?.length ?? 0).toBeLessThanOrEqual(300);
    expect(message.length).toBeLessThanOrEqual(200);
    return { result: null, error };
  } finally {
    expect(requests).toBeLessThanOrEqual(delaysMs.length + 1);
  }
}

/** What the service can be held to, told without a word of the client's own code. */
function isCertainRefusal({ status, body }: HostileAnswer): boolean {
  const json = jsonOf(body);
  const data = json?.data ?? json;
  if (typeof data === 'object' && data !== null && 'task_id' in data && data.task_id) return false;
  if (status === 429) return true;
  const code = typeof json?.code === 'string' ? json.code.trim() : json?.code;
  if (code === undefined || code === null || ['20000', '0'].includes(String(code))) return false;
  if (['20001', '20002', '-1'].includes(String(code))) return true;
  return (
    json?.msg !== undefined &&
    (status < 500 || status === 503 || /余额不足|insufficient/.test(String(json.msg)))
  );
}

function jsonOf(body: string | Buffer): { code?: unknown; msg?: unknown; data?: unknown } | null {
  try {
    const json: unknown = JSON.parse(body.toString());
    return typeof json === 'object' ? json : null;
  } catch {
    return null;
  }
}

function hostileAnswers(): fc.Arbitrary<HostileAnswer> {
  return fc.record({
    status: fc.oneof(
      fc.constantFrom(200, 201, 204, 302, 400, 401, 402, 404, 413, 429, 500, 502, 503, 504),
      fc.integer({ min: 200, max: 599 }),
    ),
    headers: fc.oneof(
      fc.constant({}),
      fc
        .constantFrom('1', '-5', '1e9', '9'.repeat(400), 'Wed, 21 Oct 2199 07:28:00 GMT', 'soon', '')
        .map((value) => ({ 'retry-after': value })),
      fc.constant({ 'content-type': 'text/html', 'content-encoding': 'gzip' }),
    ),
    body: fc.oneof({ weight: 8, arbitrary: hostileJson() }, { weight: 1, arbitrary: noJson() }),
  });
}

function noJson(): fc.Arbitrary<string | Buffer> {
  return fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      '',
      'null',
      '[]',
      '<html>',
      '{"code":',
      '['.repeat(10_000),
      nested(10_000),
      `"${API_KEY}"`,
    ),
  );
}

function nested(depth: number): string {
  return `{"code":-1,"data":${'['.repeat(depth)}${']'.repeat(depth)}}`;
}

/** The envelope as documented, with anything at all in any of its places. */
function hostileJson(): fc.Arbitrary<string> {
  const data = fc.record(
    {
      task_id: values(),
      status: values(),
      progress: values(),
      completed_at: values(),
      error_message: values(),
      url: values(),
      available: values(),
      balance: values(),
      name: values(),
      total_quota: values(),
      available_quota: values(),
      unlimited: values(),
      result: fc.oneof(
        values(),
        fc.record({ image_url: values(), image_urls: fc.array(values(), { maxLength: 3 }) }),
      ),
    },
    { requiredKeys: [] },
  );
  const envelope = fc.record(
    { code: values(), msg: values(), data: fc.oneof(values(), data), task_id: values() },
    { requiredKeys: [] },
  );
  return fc.oneof(
    envelope.map((json) => JSON.stringify(json)),
    data.map((json) => JSON.stringify(json)),
    // As a person writes it who thinks of prototypes: JSON.stringify leaves such a key out.
    data.map((json) => `{"__proto__":${JSON.stringify(json)},"constructor":1,"toString":2}`),
    envelope.map((json) => escapeAll(JSON.stringify(json))),
  );
}

/** The same JSON with the letters of its strings written by their numbers. */
function escapeAll(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, (string) =>
    string.replace(/\\.|[a-z]/g, (part) =>
      part.length > 1 ? part : `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
}

function values(): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...TELLING) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    { weight: 1, arbitrary: fc.double() },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
  );
}

const TELLING: readonly unknown[] = [
  ...['20000', 20000, '20001', 20002, -1, '-1', 0, 1e308, 2 ** 60, '', null, true, {}, [], { toString: 1 }],
  ...['completed', 'FAILED', ' queued ', 'processing', 'cancelled', 'unknown'],
  ...['t-1', '.', '..', '../../x?y#z', 'a\nb', '\u001b[2J', '\ud800', 'x'.repeat(3000)],
  ...['https://cdn.test/a.png', '/a.png', 'http://', 'javascript:alert(1)', 'data:image/png;base64,AA=='],
  ...[
    'http://169.254.169.254/',
    'https://a:b@c.test/',
    `https://c.test/?k=${API_KEY}`,
    '//[',
    'file:///etc/passwd',
  ],
  ...[
    '余额不足',
    'rejected by the safety system',
    'insufficient_'.repeat(300),
    '@everyone [x](https://e.vil)',
  ],
  ...[API_KEY, `wrong key ${API_KEY}`, `a${'\u0301'.repeat(500)}`],
];
