import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Misbehaviour } from '../../sandbox/jimmyai/index.ts';
import {
  type BotOnSandbox,
  creates,
  image,
  reply,
  startBotOnSandbox,
  textOf,
} from '../support/bot-on-sandbox.ts';
import { labels } from '../support/buttons.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ env: { TASK_DEADLINE_SECONDS: '6' } });
});
afterAll(() => on.close());

/** With a media type that says nothing. */
function given(name: string): Misbehaviour {
  const bytes = readFileSync(new URL(`../support/flawed-images/${name}`, import.meta.url));
  return { kind: 'given-image', bytes, mime: 'application/octet-stream' };
}

const ENDS_IN_AN_IMAGE: [string, Misbehaviour][] = [
  ['a slow task', { kind: 'slow', factor: 20 }],
  ['success as 0', { kind: 'success-code', code: 0 }],
  ['success as "0"', { kind: 'success-code', code: '0' }],
  ['a replica that lags', { kind: 'lagging-replica', queries: 4 }],
  ['a replica that lags with 404', { kind: 'lagging-replica', queries: 4, as: 'not-found' }],
  ['a replica that lags in words', { kind: 'lagging-replica', queries: 3, as: 'words' }],
  ['an image as a data URI', { kind: 'inline-image', as: 'data-uri' }],
  ['an image as base64', { kind: 'inline-image', as: 'b64_json' }],
  ['an image in OpenAI’s shape', { kind: 'inline-image', as: 'openai' }],
  ['an image in a string of JSON', { kind: 'inline-image', as: 'json-string' }],
  ['a code that is a number', { kind: 'number-code' }],
  ['an answer without envelope', { kind: 'no-envelope' }],
  ['the names of the service’s FAQ', { kind: 'faq-names' }],
  ['the words of an older version', { kind: 'older-words' }],
  ['other words for completed', { kind: 'other-words', completed: 'TASK_STATUS_SUCCEED', failed: 'FAIL' }],
  ['Chinese words for completed', { kind: 'other-words', completed: '已完成', failed: '失败' }],
  ['an envelope in the envelope', { kind: 'wrapped', as: 'envelope' }],
  ['a task under its name', { kind: 'wrapped', as: 'task' }],
  ['a list of one task', { kind: 'wrapped', as: 'list' }],
  ['an address in another field', { kind: 'other-place', field: 'download_url' }],
  ['a data URI with blanks and line breaks', { kind: 'inline-image', as: 'spaced-data-uri' }],
  ['answers and an image packed with gzip', { kind: 'packed', as: 'gzip' }],
  ['answers and an image packed with Brotli', { kind: 'packed', as: 'br' }],
  ['an address escaped for HTML', { kind: 'other-url', url: '{url}?a=1&amp;b=2' }],
  ['a status that nobody knows', { kind: 'unknown-status', status: '排队中' }],
  ['no progress', { kind: 'odd-progress', progress: 'missing' }],
  ['progress null', { kind: 'odd-progress', progress: 'null' }],
  ['progress as a string', { kind: 'odd-progress', progress: 'string' }],
  ['progress that jumps backwards', { kind: 'odd-progress', progress: 'backwards' }],
  ['no cost', { kind: 'odd-cost', cost: 'missing' }],
  ['a cost below nothing', { kind: 'odd-cost', cost: 'negative' }],
  ['a relative image address', { kind: 'relative-url' }],
  ['an image larger than Discord takes', { kind: 'huge-image' }],
  ['HTML instead of JSON at a query', { kind: 'html', at: 'query', repeat: 2 }],
  ['a dropped connection at a query', { kind: 'dropped', at: 'query', repeat: 2 }],
  ['a wrong code at a query', { kind: 'error-code', at: 'query', code: '50013', msg: '上游服务异常' }],
  ['429 at a query', { kind: 'too-many-requests', at: 'query', retryAfterSeconds: 1, form: 'seconds' }],
  ['a download cut in the middle', { kind: 'dropped', at: 'download' }],
  ['503 at the download', { kind: 'unavailable', at: 'download' }],
  ['an image that is not there yet', { kind: 'late-image', downloads: 2 }],
  ['half an image at first', { kind: 'truncated-image', downloads: 2 }],
  ['HTML at first in the place of the image', { kind: 'not-an-image', as: 'html', downloads: 2 }],
  ['an image with a wrong sum in a text', given('bad-crc-text.png')],
  ['an image without its end', given('no-iend.png')],
  ['an animated AVIF', given('anim.avif')],
  ['nothing at first in the place of the image', { kind: 'not-an-image', as: 'nothing', downloads: 1 }],
  ['429 at the create', { kind: 'too-many-requests', at: 'create', retryAfterSeconds: 1, form: 'seconds' }],
  [
    '503 at the create, in the service’s own words',
    { kind: 'error-code', at: 'create', code: 50300, msg: 'busy', status: 503 },
  ],
  ['code -1 without a task', { kind: 'error-code', at: 'create', code: -1, msg: 'server error' }],
];

test.concurrent.each(ENDS_IN_AN_IMAGE)(
  '%s still ends in the image, made once',
  async (what, misbehaviour) => {
    const message = await image(imagine(what, misbehaviour));
    expect(textOf(message)).not.toContain('⚠️');
    expect(on.jimmyAi.tasks.filter(({ request }) => request.prompt === what)).toHaveLength(1);
  },
);

const ENDS_IN_A_REASON: [string, Misbehaviour, RegExp][] = [
  [
    'failed by the model',
    { kind: 'failed', reason: 'GPU on fire' },
    /could not make this image.*> GPU on fire/s,
  ],
  [
    'failed by policy',
    { kind: 'failed', reason: 'rejected by the safety system' },
    /content policy doesn’t allow this.*> rejected by the safety system/s,
  ],
  [
    'failed by policy in Chinese',
    { kind: 'failed', reason: '提示词包含敏感信息' },
    /content policy doesn’t allow this.*> 提示词包含敏感信息/s,
  ],
  [
    'failed in older words',
    { kind: 'failed', reason: 'oh no', status: 'error', field: 'fail_reason' },
    /could not make this image.*> oh no/s,
  ],
  [
    'failed by policy in an object',
    { kind: 'failed-oddly', as: 'object', reason: 'no luck', code: 'content_policy_violation' },
    /content policy doesn’t allow this.*> no luck \(content\\_policy\\_violation\)/s,
  ],
  [
    'failed by policy in a string of JSON',
    { kind: 'failed-oddly', as: 'json', reason: '内容违规' },
    /content policy doesn’t allow this.*> 内容违规/s,
  ],
  [
    'failed by policy in HTML',
    { kind: 'failed-oddly', as: 'html', reason: 'rejected by the safety system' },
    /content policy doesn’t allow this.*> rejected by the safety system/s,
  ],
  [
    'failed deep inside an object',
    { kind: 'failed-oddly', as: 'nested', reason: 'GPU on fire' },
    /could not make this image.*> GPU on fire/s,
  ],
  ['never known to the service', { kind: 'lagging-replica', queries: 9999 }, /took too long/],
  ['stuck for ever', { kind: 'stuck' }, /took too long, and the bot has stopped waiting/],
  [
    'an unknown status for ever',
    { kind: 'unknown-status', status: 'reviewing', forever: true },
    /took too long/,
  ],
  ['completed without an image', { kind: 'no-image-url' }, /took too long/],
  ['an image that is HTML', { kind: 'not-an-image', as: 'html' }, /is not a whole image: check again/],
  ['an image that is text', { kind: 'not-an-image', as: 'text' }, /is not a whole image: check again/],
  ['an image that is not there', { kind: 'expired-image' }, /isn’t where it should be: check again/],
  [
    'bad parameters',
    { kind: 'error-code', at: 'create', code: 20002, msg: 'prompt too spicy' },
    /refused the request.*> prompt too spicy/s,
  ],
  [
    'an unknown code',
    { kind: 'error-code', at: 'create', code: '40777', msg: '模型维护中' },
    /didn’t accept the request.*> 模型维护中/s,
  ],
  [
    'a connection dropped before the task was made',
    { kind: 'dropped', at: 'create' },
    /may or may not have been charged/,
  ],
  [
    'a connection dropped after the task was made',
    { kind: 'dropped', at: 'create', created: true },
    /may or may not have been charged/,
  ],
  [
    'a proxy’s page with 503 before the task was made',
    { kind: 'unavailable', at: 'create' },
    /may or may not have been charged/,
  ],
  [
    'a proxy’s page with 503 after the task was made',
    { kind: 'unavailable', at: 'create', created: true },
    /may or may not have been charged/,
  ],
  [
    'HTML after the task was made',
    { kind: 'html', at: 'create', created: true },
    /may or may not have been charged/,
  ],
];

test.concurrent.each(ENDS_IN_A_REASON)(
  '%s ends in a reason that is true, sent once',
  async (what, misbehaviour, words) => {
    const interaction = imagine(what, misbehaviour);
    const message = await reply(interaction, words);
    const [, number] = /Reference number (\w{8})/.exec(textOf(message)) ?? [];
    expect(on.bot().log.some(({ reference }) => reference === number)).toBe(true);
    expect(message.attachments).toEqual([]);
    expect(creates(on.jimmyAi).filter(({ prompt }) => prompt === what)).toHaveLength(1);
  },
);

test.concurrent('half an image is shown as far as it came, which the reply says', async () => {
  const interaction = imagine('half an image', { kind: 'truncated-image' });
  const message = await reply(interaction, /sends only a part of it, which is shown here: check again/);
  expect(message.attachments).toHaveLength(1);
  expect(labels(message)).toContain('Check again');
});

test.concurrent('a service that cannot be asked is mentioned while it lasts', async () => {
  const interaction = imagine('an outage', { kind: 'unavailable', at: 'query', repeat: 6 });
  await reply(interaction, /can’t be reached right now. Still trying/);
  expect(textOf(await reply(interaction, /took too long|\d s$/))).not.toMatch(/Still trying/);
});

function imagine(prompt: string, misbehaviour: Misbehaviour) {
  on.jimmyAi.misbehave(misbehaviour, { when: (request) => request.prompt === prompt });
  return on.discord.interact.command({ name: 'imagine', options: { prompt, model: 'nano-banana' } });
}
