import { REST } from 'discord.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { CallbackUnanswered, withinCallbackTime } from '../../../src/services/discord/callback-time.ts';

type Options = Parameters<REST['request']>[0];

const SOON_MS = 50;
const CALLBACK = { method: 'POST', fullRoute: '/interactions/1/token/callback', auth: false } as Options;

let discord: Discord;
let rest: REST;
beforeAll(async () => {
  discord = await startDiscord();
  rest = new REST({ api: discord.apiUrl, version: '10' });
});
afterAll(() => discord.close());

const send = (options: Options, withinMs?: number) =>
  withinCallbackTime(options, (timed) => rest.request(timed), withinMs);

test.each([
  ['is never answered', { hang: true }],
  ['waits for a rate limit', { status: 429, retryAfter: 3600 }],
])('a callback that %s is given up once nobody waits for it, and not repeated', async (_, fault) => {
  const before = discord.requests.length;
  const heal = discord.faults.rest({ ...fault, method: 'POST', times: 9 });
  await expect(send(CALLBACK, SOON_MS)).rejects.toBeInstanceOf(CallbackUnanswered);
  heal();
  // What is left hanging is heard of before this one is.
  await rest.get('/gateway/bot', { auth: false }).catch(() => undefined);
  const sent = discord.requests.slice(before).filter(({ method }) => method === 'POST');
  expect(sent.length).toBeLessThanOrEqual(1);
});

test('what Discord answers in time is its answer', async () => {
  await expect(send(CALLBACK)).rejects.toMatchObject({ code: 10062 });
});

test('an edit takes the time that it takes', async () => {
  const webhook = { method: 'PATCH', fullRoute: '/webhooks/1/token/messages/@original', auth: false };
  discord.faults.rest({ method: 'PATCH', delayMs: 4 * SOON_MS });
  await expect(send(webhook as Options, SOON_MS)).rejects.toMatchObject({ status: 404 });
});
