import { MockAgent } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { condense } from '../../../src/services/image-service/condense.ts';
import { plainWords } from '../../../src/services/image-service/plain-words.ts';
import { INLINE_IMAGE } from '../../../src/services/images/inline-image.ts';
import { createJimmyAi, type JimmyAi } from '../../../src/services/jimmyai/client.ts';

const ORIGIN = 'https://jimmyai.test';
const API_KEY = 'sk-secret-key';
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

let agent: MockAgent;
let jimmyai: JimmyAi;
beforeEach(() => {
  agent = new MockAgent();
  agent.disableNetConnect();
  jimmyai = createJimmyAi({
    baseUrl: ORIGIN,
    apiKey: API_KEY,
    dispatcher: agent,
    delay: async () => undefined,
  });
});
afterEach(async () => {
  await jimmyai.close();
  await agent.close();
});

function answer(data: unknown): void {
  const body = JSON.stringify({ code: 0, msg: 'ok', data });
  agent
    .get(ORIGIN)
    .intercept({ path: () => true })
    .reply(200, body)
    .persist();
}

test('an image of 20 MB in the answer is no part of the report, and comes whole where it is asked for', async () => {
  const bytes = Buffer.concat([PNG, Buffer.alloc(20_000_000, 7)]);
  answer({ status: 'COMPLETED', result: { images: [{ b64_json: bytes.toString('base64') }] } });
  await expect(jimmyai.queryImageTask('t-1')).resolves.toEqual({
    status: 'completed',
    imageUrl: INLINE_IMAGE,
    completedAt: null,
  });
  const uri = (await jimmyai.queryImage('t-1')) ?? '';
  expect(uri.slice(0, 22)).toBe('data:image/png;base64,');
  expect(Buffer.from(uri.slice(22), 'base64').equals(bytes)).toBe(true);
});

test('a large answer is read on another thread, its key masked and its lists cut', async () => {
  const objects = Array.from({ length: 300_000 }, () => ({}));
  answer({ status: 'completed', result: { image_urls: [`https://cdn.test/?k=${API_KEY}`, ...objects] } });
  await expect(jimmyai.queryImageTask('t-1')).resolves.toMatchObject({
    imageUrl: 'https://cdn.test/?k=[key]',
  });
});

test('an answer of many million small things is not even parsed', async () => {
  answer({ status: 'completed', result: { image_urls: Array.from({ length: 2_000_000 }, () => 0) } });
  await expect(jimmyai.queryImageTask('t-1')).rejects.toMatchObject({ kind: 'malformed-answer' });
});

test.each([
  [{ image_url: 'data:image/png;base64,AA==' }, 'data:image/png;base64,AA=='],
  [{ image_url: 'DATA:;charset=x;base64,AA==' }, 'data:application/octet-stream;base64,AA=='],
  ['data:image/webp;base64,AA==', 'data:image/webp;base64,AA=='],
  ['data: image/png ; base64, AA==', 'data:image/png;base64,AA=='],
  ['"image/png;base64,AA==', 'data:image/png;base64,AA=='],
  ['data:image/png;base64,data:image/png;base64,AA==', 'data:image/png;base64,AA=='],
  ['data:image/png,%89PNG', 'data:image/png,%89PNG'],
  [JSON.stringify({ b64_json: 'AA==' }), 'data:application/octet-stream;base64,AA=='],
  ['https://cdn.test/a.png', 'https://cdn.test/a.png'],
  [{ image_urls: [{ url: 'https://cdn.test/b.png' }] }, 'https://cdn.test/b.png'],
  [{ image_url: { url: '/c.png' } }, `${ORIGIN}/c.png`],
  [{ data: [{ url: 'https://cdn.test/d.png' }] }, 'https://cdn.test/d.png'],
  [{ b64_json: 'AA==', image_url: 'https://cdn.test/e.png' }, 'https://cdn.test/e.png'],
])('the image of the result %j is %s', async (result, image) => {
  answer({ status: 'completed', result });
  await expect(jimmyai.queryImage('t-1')).resolves.toBe(image);
});

test.each([
  ['OpenAI’s list', [{ b64_json: 'AA==' }], 'data:application/octet-stream;base64,AA=='],
  ['OpenAI’s object', { created: 1, data: [{ url: 'https://cdn.test/f.png' }] }, 'https://cdn.test/f.png'],
])('%s without a status is a finished image', async (_, data, image) => {
  answer(data);
  await expect(jimmyai.queryImage('t-1')).resolves.toBe(image);
});

test('the references that a finished task repeats are not its image', async () => {
  answer({ status: 'completed', images: ['https://cdn.test/reference.png'], result: {} });
  await expect(jimmyai.queryImageTask('t-1')).rejects.toMatchObject({ kind: 'malformed-answer' });
});

test.each([
  [{ error: { message: 'no luck', code: 'image_safety' } }, 'no luck (image_safety)'],
  [{ error_message: '{"error":{"message":"no \\u0041"}}' }, 'no A'],
  [{ reason: '<!doctype html><title>502</title><script>x<y</script><p>Bad &amp; sad' }, '502 Bad & sad'],
  [{ error_message: '', fail_reason: 7, message: '内容违规' }, '内容违规'],
  [{ error: [{ message: 'one' }, { msg: 'two' }] }, 'one; two'],
  [{ error: { nothing: { known: true } } }, null],
])('the failure %j is told as %j', async (fields, reason) => {
  answer({ status: 'FAILURE', ...fields });
  await expect(jimmyai.queryImageTask('t-1')).resolves.toEqual({ status: 'failed', reason });
});

test('a page made of beginnings of tags is read in one pass', () => {
  for (const piece of ['<', '<a', '<script>', '<!--', '&#x', '<a <b'])
    expect(plainWords(piece.repeat(300_000)).length).toBeLessThanOrEqual(piece.length * 300_000);
});

test('what is condensed has neither depth nor a prototype of its own making', () => {
  const deep = `${'{"data":'.repeat(5000)}1${'}'.repeat(5000)}`;
  expect(JSON.stringify(condense(deep, API_KEY)).length).toBeLessThan(200);
  expect(condense('{"__proto__":{"code":0},"a":1}', API_KEY)).not.toHaveProperty('code');
});
