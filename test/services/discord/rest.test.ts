import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { DiscordAPIError, RateLimitError, Routes } from 'discord.js';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkedBeforeSending } from '../../../src/services/discord/before-sending.ts';
import { isPassing } from '../../../src/services/discord/errors.ts';
import { countInvalidAnswers } from '../../../src/services/discord/invalid-answers.ts';
import { NotDiscordsAnswer } from '../../../src/services/discord/requests.ts';
import { DiscordRest } from '../../../src/services/discord/rest.ts';

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const FINE: Answer = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"id":"1"}' };
const HTML = { 'content-type': 'text/html; charset=UTF-8' };
const JSON_TYPE = { 'content-type': 'application/json' };
const PAGE = '<!DOCTYPE html><title>Error 1015</title>';
const MINUTE_MS = 60_000;

const server = createServer((request, response) => answerNext(request, response));
let answers: Answer[] = [];
let seen: { path: string; authorization: string | undefined }[] = [];
let lines: { msg: string }[] = [];
let aheadMs = 0;
let setBackMs = 0;
let rest: DiscordRest;

beforeEach(async () => {
  [answers, seen, lines, aheadMs, setBackMs] = [[], [], [], 0, 0];
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line)) });
  rest = new DiscordRest(
    { api: `http://127.0.0.1:${port}/api`, version: '10' },
    {
      log,
      invalid: countInvalidAnswers({ log, elapsed, budgets: { lookUps: 1, other: 3, first: 4 } }),
      now: () => Date.now() + aheadMs - setBackMs,
      elapsed,
    },
  );
  rest.setToken('token');
});
afterEach(async () => {
  rest.clearHandlerSweeper();
  rest.clearHashSweeper();
  server.closeAllConnections();
  await once(server.close(), 'close');
});

function elapsed(): number {
  return performance.now() + aheadMs;
}

function answerNext({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
  seen.push({ path: url, authorization: headers.authorization });
  const { status, headers: own = {}, body = '' } = answers.shift() ?? FINE;
  response.writeHead(status, own).end(body);
}

const editReply = (token: string) => rest.patch(Routes.webhookMessage('1', token), { auth: false, body: {} });

test.each<[string, Answer]>([
  ['a page without the header', { status: 429, headers: HTML, body: PAGE }],
  ['a page with a useless header', { status: 429, headers: { ...HTML, 'retry-after': 'soon' }, body: PAGE }],
  ['a negative header', { status: 429, headers: { ...HTML, 'retry-after': '-1' }, body: PAGE }],
  ['nothing at all', { status: 429 }],
  ['JSON that says nothing', { status: 429, headers: JSON_TYPE, body: '{"message":"slow down"}' }],
  ['JSON that is no object', { status: 429, headers: JSON_TYPE, body: 'null' }],
])(
  'after a 429 with %s, no such request goes out for a minute, which the log says once',
  async (_, limit) => {
    answers = [limit];
    await expect(editReply('a')).rejects.toThrow(RateLimitError);
    await expect(editReply('a')).rejects.toThrow(RateLimitError);
    await expect(editReply('b')).rejects.toThrow(RateLimitError);
    expect(seen).toHaveLength(1);
    expect(lines.map(({ msg }) => msg)).toEqual([
      'Discord asks for patience: no such requests for 60 seconds',
    ]);
    // Other ways are open.
    await rest.get(Routes.channelMessage('1', '2'));
    aheadMs += MINUTE_MS;
    await editReply('b');
    await editReply('a');
    expect(seen).toHaveLength(4);
  },
);

test.each<[string, Record<string, string>]>([
  ['no number', { 'x-ratelimit-remaining': 'abc', 'x-ratelimit-reset-after': 'abc' }],
  ['a year', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '31536000' }],
  ['less than nothing', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '-5' }],
])('a reset after %s holds back no request, and makes no 429 be slept through', async (_, limits) => {
  answers = [{ ...FINE, headers: { ...JSON_TYPE, ...limits } }];
  await editReply('a');
  answers = [{ status: 429, headers: { ...HTML, ...limits }, body: PAGE }];
  await expect(editReply('a')).rejects.toThrow(RateLimitError);
  expect(seen).toHaveLength(2);
});

test('a clock that is set back keeps no way closed for longer', async () => {
  answers = [{ status: 429, headers: HTML, body: PAGE }];
  await expect(editReply('a')).rejects.toThrow(RateLimitError);
  setBackMs = 60 * MINUTE_MS;
  aheadMs += MINUTE_MS;
  await editReply('a');
});

test('where too many answers were invalid, an edit waits for its time as for a limit, and first answers go on', async () => {
  const forbidden = {
    status: 403,
    headers: JSON_TYPE,
    body: '{"code":50013,"message":"Missing Permissions"}',
  };
  answers = Array.from({ length: 3 }, () => forbidden);
  const edits = await Promise.allSettled(Array.from({ length: 40 }, (_, index) => editReply(`${index}`)));
  expect(edits.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  expect(seen).toHaveLength(3);
  await expect(editReply('a')).rejects.toThrow(RateLimitError);
  await rest.post(Routes.interactionCallback('1', 'token'), { auth: false, body: {} });
  expect(seen).toHaveLength(4);
  expect(lines.map(({ msg }) => msg)).toEqual([
    'Discord has called 3 requests invalid within 10 minutes, and the bot sends only first answers for now',
  ]);
  aheadMs += 11 * MINUTE_MS;
  await editReply('a');
});

test('a date in the header is kept to', async () => {
  const until = new Date(Date.now() + 10 * MINUTE_MS).toUTCString();
  answers = [{ status: 429, headers: { ...HTML, 'retry-after': until }, body: PAGE }];
  await expect(editReply('a')).rejects.toThrow(RateLimitError);
  aheadMs += 9 * MINUTE_MS - 5000;
  await expect(editReply('a')).rejects.toThrow(RateLimitError);
  aheadMs += MINUTE_MS + 5000;
  await editReply('a');
});

test('what only the body says is waited for, and the request sent again', async () => {
  answers = [{ status: 429, headers: JSON_TYPE, body: '{"retry_after":0.05,"global":false}' }];
  expect(await editReply('a')).toEqual({ id: '1' });
  expect(seen).toHaveLength(2);
});

test('a limit that is over already is waited for a second, on its own route alone', async () => {
  const over = { ...JSON_TYPE, 'retry-after': '0' };
  answers = [{ status: 429, headers: over, body: '{"retry_after":0,"global":false}' }];
  const edited = editReply('a');
  while (seen.length === 0) await setImmediate();
  await editReply('b');
  expect(await edited).toEqual({ id: '1' });
  expect(seen).toHaveLength(3);
});

test('a limit of an hour on one route rejects, and leaves the others alone', async () => {
  answers = [
    {
      status: 429,
      headers: { ...JSON_TYPE, 'retry-after': '3600' },
      body: '{"retry_after":3600,"global":false}',
    },
  ];
  await expect(editReply('a')).rejects.toThrow(RateLimitError);
  await expect(editReply('a')).rejects.toThrow(RateLimitError);
  await editReply('b');
  expect(seen).toHaveLength(2);
});

test('a limit for everything that an interaction meets closes everything', async () => {
  answers = [{ status: 429, headers: JSON_TYPE, body: '{"retry_after":60,"global":true}' }];
  await expect(editReply('a')).rejects.toThrow(RateLimitError);
  await expect(rest.get(Routes.user())).rejects.toThrow(RateLimitError);
  expect(seen).toHaveLength(1);
});

test('a limit for everything that the bot does closes no answer to an interaction', async () => {
  const global = { ...JSON_TYPE, 'retry-after': '60', 'x-ratelimit-global': 'true' };
  answers = [{ status: 429, headers: global, body: '{"retry_after":60,"global":true}' }];
  await expect(rest.get(Routes.user())).rejects.toThrow(RateLimitError);
  await rest.post(Routes.interactionCallback('1', 'token'), { auth: false, body: {} });
  await editReply('a');
  await expect(rest.get(Routes.channelMessage('1', '2'))).rejects.toThrow(RateLimitError);
  expect(seen).toHaveLength(3);
});

test('once the time is over, one request finds out whether the way is open, and the others wait for it', async () => {
  answers = [{ status: 429, headers: HTML, body: PAGE }];
  await expect(editReply('a')).rejects.toThrow(RateLimitError);
  aheadMs += MINUTE_MS;
  answers = [{ status: 429, headers: HTML, body: PAGE }];
  const all = await Promise.allSettled(['a', 'b', 'c', 'd'].map(editReply));
  expect(all.every(({ status }) => status === 'rejected')).toBe(true);
  expect(seen).toHaveLength(2);
});

test('the first answer to an interaction is not waited for beyond the time in which Discord takes it', async () => {
  answers = [{ status: 429, headers: JSON_TYPE, body: '{"retry_after":5,"global":false}' }];
  const callback = rest.post(Routes.interactionCallback('1', 'token'), { auth: false, body: {} });
  await expect(callback).rejects.toThrow(RateLimitError);
});

test('each request is checked immediately before it is sent: a repeated one, and one that waited for another', async () => {
  let isHeld = true;
  const check = () => {
    if (!isHeld) throw new Error('another process may edit it by now');
  };
  answers = [{ status: 500 }];
  const whenAnswered = once(server, 'request').then(() => {
    isHeld = false;
  });
  const edits = ['a', 'a'].map((token) => checkedBeforeSending(check, () => editReply(token)));
  await whenAnswered;
  for (const edit of await Promise.allSettled(edits))
    expect(edit).toMatchObject({ reason: { message: 'another process may edit it by now' } });
  expect(seen).toHaveLength(1);
  await editReply('a');
});

test('a connection that breaks while files are sent fails that request, and nothing else', async () => {
  const escaped: unknown[] = [];
  const note = (error: unknown) => void escaped.push(error);
  process.on('unhandledRejection', note);
  const cut = ({ socket }: IncomingMessage) => socket.destroy();
  server.prependListener('request', cut);
  const files = Array.from({ length: 8 }, (_, index) => ({
    name: `${index}.png`,
    data: Buffer.alloc(4_000_000),
  }));
  const send = (channel: number) => rest.post(Routes.channelMessages(String(channel)), { body: {}, files });
  for (const { status } of await Promise.allSettled(Array.from({ length: 8 }, (_, index) => send(index))))
    expect(status).toBe('rejected');
  await setImmediate();
  server.removeListener('request', cut);
  process.removeListener('unhandledRejection', note);
  expect(escaped).toEqual([]);
});

test('one 401 does not make the bot forget its token', async () => {
  answers = [{ status: 401, headers: JSON_TYPE, body: '{"message":"401: Unauthorized","code":0}' }];
  await expect(rest.get(Routes.user())).rejects.toThrow(DiscordAPIError);
  await rest.get(Routes.user());
  expect(seen.map(({ authorization }) => authorization)).toEqual(['Bot token', 'Bot token']);
});

test.each<[string, Answer]>([
  ['a 403 page', { status: 403, headers: HTML, body: PAGE }],
  ['an empty 404', { status: 404 }],
  ['a 401 page', { status: 401, headers: HTML, body: PAGE }],
  ['a 403 that is JSON and no object', { status: 403, headers: JSON_TYPE, body: 'null' }],
  ['a 400 that says it is JSON and is not', { status: 400, headers: JSON_TYPE, body: '<html>' }],
  [
    '403 with code 40333',
    { status: 403, headers: JSON_TYPE, body: '{"code":40333,"message":"internal network error"}' },
  ],
])('%s is not Discord’s word, and passes', async (_, answer) => {
  answers = [answer];
  const error = await editReply('a').catch((err: unknown) => err);
  expect(isPassing(error)).toBe(true);
});

test('a page that says all went well is no answer', async () => {
  answers = [{ status: 200, headers: HTML, body: PAGE }];
  await expect(editReply('a')).rejects.toThrow(NotDiscordsAnswer);
});
