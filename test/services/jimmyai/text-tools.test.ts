import { MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createJimmyAi, type JimmyAi } from '../../../src/services/jimmyai/client.ts';

const ORIGIN = 'https://jimmyai.test';
const API = '/api/open-api/v1';

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

function answer(path: string, body: object | string, status = 200): void {
  agent
    .get(ORIGIN)
    .intercept({ path: API + path, method: 'POST' })
    .reply(status, body);
}

const sent = () => JSON.parse(String(agent.getCallHistory()?.lastCall()?.body));

describe('what a picture shows', () => {
  const picture = { mimeType: 'image/jpeg', bytes: Buffer.from('bytes') };
  const asked = () => jimmyai.askAboutPicture({ instruction: 'What is it?', picture });
  const candidates = [{ content: { role: 'model', parts: [{ text: 'A fox' }, { text: ' in snow' }] } }];

  test('is asked with the picture in the question, and read from every piece of the answer', async () => {
    answer('/images/understand', { code: '20000', msg: 'ok', data: { candidates } });
    expect(await asked()).toEqual({ text: 'A fox in snow' });
    const inline = { mime_type: 'image/jpeg', data: 'Ynl0ZXM=' };
    expect(sent()).toEqual({
      model: 'gemini-3.5-flash',
      contents: [{ role: 'user', parts: [{ text: 'What is it?' }, { inline_data: inline }] }],
    });
  });

  test('is also taken without an envelope', async () => {
    answer('/images/understand', { candidates });
    expect(await asked()).toEqual({ text: 'A fox in snow' });
  });

  test.each([
    ['no candidate', { candidates: [] }],
    ['a candidate that was stopped', { candidates: [{ finishReason: 'SAFETY' }] }],
    ['nothing but blanks', { candidates: [{ content: { parts: [{ text: ' \n' }] } }] }],
  ])('%s is no answer, and may have been charged', async (_, data) => {
    answer('/images/understand', { code: 0, msg: 'ok', data });
    await expect(asked()).rejects.toMatchObject({ kind: 'malformed-answer', charged: 'maybe' });
  });
});

describe('what is made of a text', () => {
  const asked = () => jimmyai.rewrite({ instruction: 'Rewrite it.', text: 'a fox' });
  const completion = (content: unknown) => ({
    id: 'c',
    choices: [{ message: { role: 'assistant', content } }],
  });

  test('is the bare completion, and the text is never part of the instruction', async () => {
    answer('/chat/completions', completion(' a red fox '));
    expect(await asked()).toEqual({ text: 'a red fox' });
    expect(sent().messages).toEqual([
      { role: 'system', content: 'Rewrite it.' },
      { role: 'user', content: 'a fox' },
    ]);
  });

  test('may come in pieces', async () => {
    answer(
      '/chat/completions',
      completion([
        { type: 'text', text: 'a red ' },
        { type: 'text', text: 'fox' },
      ]),
    );
    expect(await asked()).toEqual({ text: 'a red fox' });
  });

  test('is also taken beside an error code: it is charged', async () => {
    answer('/chat/completions', { code: '-1', msg: 'server error', data: completion('a red fox') });
    expect(await asked()).toEqual({ text: 'a red fox' });
  });

  test('an error in the service’s envelope is a refusal, also with HTTP 200', async () => {
    answer('/chat/completions', { code: 40201, msg: '余额不足' });
    await expect(asked()).rejects.toMatchObject({ kind: 'credit', charged: 'no' });
  });

  test('a time-out of a proxy may have been charged, and is not asked again', async () => {
    answer('/chat/completions', '<html></html>', 504);
    await expect(asked()).rejects.toMatchObject({ charged: 'maybe' });
    expect(agent.getCallHistory()?.calls()).toHaveLength(1);
  });
});
