import { describe, expect, onTestFinished } from 'vitest';
import { startJimmyAi } from '../../../sandbox/jimmyai/index.ts';
import { RATIOS } from '../../../sandbox/jimmyai/models.ts';
import { MODEL_PAGES } from '../../support/model-pages.ts';
import { BODY, createClient, test } from './client.ts';

test('a create is answered with a queued task and charged', async ({ jimmy, client, clock }) => {
  const { status, json } = await client.create(BODY);
  expect(status).toBe(200);
  expect(json).toEqual({
    code: '20000',
    msg: 'ok',
    data: {
      task_id: jimmy.tasks[0]?.id,
      status: 'queued',
      model: 'nano-banana',
      created_at: expect.closeTo(clock.now() / 1000, -1),
      cost: 0.03,
    },
  });
  expect(jimmy.tasks[0]?.request).toEqual({
    ...BODY,
    ratio: 'auto',
    resolution: '1k',
    quality: 'low',
    images: [],
  });
  expect(jimmy.balance.used).toBe(jimmy.tasks[0]?.coins);
});

describe('a create that breaks a rule is answered 20002, names the problem and makes no task', () => {
  const gpt = { ...BODY, model: 'gpt-image-2' };
  test.for([
    ['unknown model', { ...BODY, model: 'dall-e' }, /model/],
    ['model missing', { prompt: 'x' }, /model/],
    ['prompt missing', { model: 'nano-banana' }, /prompt/],
    ['prompt empty', { ...BODY, prompt: ' \n' }, /prompt: must not be empty/],
    ['prompt of another type', { ...BODY, prompt: 7 }, /prompt/],
    ['unknown ratio', { ...BODY, ratio: '7:5' }, /ratio/],
    ['unknown resolution', { ...BODY, resolution: '8k' }, /resolution/],
    ['unknown quality', { ...gpt, quality: 'ultra' }, /quality/],
    ['quality for another model', { ...BODY, quality: 'low' }, /quality: not supported by nano-banana/],
    ['unknown field', { ...BODY, size: '1024x1024' }, /size/],
    ['images not a list', { ...BODY, images: 'https://example.com/a.png' }, /images/],
    ['images of another type', { ...BODY, images: [null] }, /images\.0/],
    ['xhigh for gpt-image-2', { ...gpt, quality: 'xhigh' }, /quality: gpt-image-2 takes only low/],
    ['a size for a model of one', { ...BODY, model: 'gpt-image-1.5', resolution: '1k' }, /not supported/],
    ['4k for seedream', { ...BODY, model: 'doubao-seedream-5-0-pro', resolution: '4k' }, /only 1k, 2k/],
    ['auto for grok without a reference', { ...BODY, model: 'grok-imagine-image', ratio: 'auto' }, /ratio/],
    [
      'a prompt of 5001 characters for grok',
      { ...BODY, model: 'grok-imagine-image-2', prompt: 'x'.repeat(5001) },
      /at most 5000/,
    ],
    ['no background of a model that has one', { ...gpt, background: 'transparent' }, /background/],
    [
      'no background in JPEG',
      { ...BODY, model: 'gpt-image-1.5', background: 'transparent', output_format: 'jpeg' },
      /background: transparent needs png or webp/,
    ],
    ['WebP of a model without', { ...BODY, model: 'gpt-image-1.5', output_format: 'webp' }, /only png, jpeg/],
    ['17 references for gpt-image-2', { ...gpt, images: Array(17).fill('AA==') }, /at most 16/],
    ['6 references for nano-banana', { ...BODY, images: Array(6).fill('AA==') }, /at most 5/],
    ['malformed JSON', '{"model":', /body/],
    ['no object', '[]', /body/],
  ] as const)('%s', async ([, body, problem], { jimmy, client }) => {
    const { status, json } = await client.create(body);
    expect({ status, code: json.code, data: json.data }).toEqual({ status: 200, code: '20002', data: null });
    expect(json.msg).toMatch(problem);
    expect(jimmy.tasks).toEqual([]);
  });
});

test.for(RATIOS)(
  'gpt-image-2 takes %s at 4k only where the reference page says so',
  async (ratio, { client }) => {
    const { json } = await client.create({ model: 'gpt-image-2', prompt: 'x', resolution: '4k', ratio });
    const isTaken = MODEL_PAGES['gpt-image-2']?.ratiosAt4k?.includes(ratio);
    expect(json.code).toBe(isTaken ? '20000' : '20002');
  },
);

test('a body that is not declared as JSON is refused', async ({ jimmy, client }) => {
  const { json } = await client.send('/images', { method: 'POST', body: JSON.stringify(BODY) });
  expect(json.code).toBe('20002');
  expect(jimmy.tasks).toEqual([]);
});

test('everything under the API needs the key', async ({ jimmy }) => {
  const stranger = createClient({ ...jimmy, apiKey: 'wrong' });
  const answers = await Promise.all([
    stranger.create(BODY),
    stranger.query('x'),
    stranger.upload(Buffer.from('x'), 'x.png'),
    stranger.send('/user/balance'),
    stranger.send('/key/balance'),
  ]);
  expect(answers.map(({ status, json }) => [status, json.code])).toEqual(Array(5).fill([200, '20001']));
  expect(jimmy.tasks).toEqual([]);
});

test('documented errors come with an HTTP error status where that is asked for', async () => {
  const jimmy = await startJimmyAi({ httpErrors: true });
  onTestFinished(() => jimmy.close());
  const refused = await createClient(jimmy).create({});
  const stranger = await createClient({ ...jimmy, apiKey: 'wrong' }).create(BODY);
  expect([refused.status, refused.json.code]).toEqual([400, '20002']);
  expect([stranger.status, stranger.json.code]).toEqual([401, '20001']);
});

test('an unknown task is 20002', async ({ client }) => {
  expect((await client.query('no-such-task')).json).toMatchObject({ code: '20002', data: null });
});

test('an unknown path is 404', async ({ client }) => {
  expect((await client.send('/videos')).status).toBe(404);
});
