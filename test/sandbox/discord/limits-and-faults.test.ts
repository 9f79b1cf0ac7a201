import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClock } from '../../../sandbox/clock.ts';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { createRateLimits } from '../../../sandbox/discord/rest/rate-limits.ts';
import { call } from './api.ts';

let discord: Discord;
beforeEach(async () => {
  discord = await startDiscord();
  await call(discord, 'PUT', `/applications/${discord.applicationId}/commands`, [
    { name: 'hi', description: 'Hi' },
  ]);
});
afterEach(() => discord.close());

const post = (content: string) =>
  call(discord, 'POST', `/channels/${discord.channel.id}/messages`, { content });

describe('rate limits', () => {
  test('allow five messages in five seconds and say how long to wait', async () => {
    const answers = [];
    for (const content of ['1', '2', '3', '4', '5', '6']) answers.push(await post(content));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[0]?.headers.get('x-ratelimit-remaining')).toBe('4');
    const last = answers.at(-1);
    expect(last?.body).toMatchObject({
      message: 'You are being rate limited.',
      global: false,
      retry_after: expect.any(Number),
    });
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThanOrEqual(Number(last?.body.retry_after));
    discord.clock.advance(5_000);
    expect((await post('7')).status).toBe(200);
  });

  test('are counted per interaction token', async () => {
    const edits = async () => {
      const { id, token } = discord.interact.command({ name: 'hi' });
      await call(discord, 'POST', `/interactions/${id}/${token}/callback`, { type: 5 });
      const path = `/webhooks/${discord.applicationId}/${token}/messages/@original`;
      const statuses: number[] = [];
      for (const content of ['1', '2', '3', '4', '5', '6']) {
        statuses.push((await call(discord, 'PATCH', path, { content })).status);
      }
      return statuses;
    };
    expect(await edits()).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await edits()).toEqual([200, 200, 200, 200, 200, 429]);
  });

  test('are fifty a second for everything that the bot does, interactions aside', () => {
    const clock = createClock(() => 0);
    const { count } = createRateLimits(clock);
    const look = (id: string) =>
      count({ method: 'GET', template: '/channels/{channel_id}', auth: 'bot' }, { channel_id: id });
    for (let index = 0; index < 50; index += 1) expect(look(String(index))?.exceeded).toBe(false);
    expect(look('another')).toMatchObject({
      exceeded: true,
      global: true,
      headers: { 'x-ratelimit-global': 'true', 'x-ratelimit-scope': 'global', 'retry-after': '1' },
    });
    const webhook = {
      method: 'PATCH',
      template: '/webhooks/{webhook_id}/{webhook_token}',
      auth: 'token',
    } as const;
    expect(count(webhook, { webhook_token: 'token' })?.exceeded).toBe(false);
    clock.advance(1_000);
    expect(look('another')?.exceeded).toBe(false);
  });
});

describe('faults', () => {
  test('hit the requests they fit, as often as they shall', async () => {
    discord.faults.rest({ method: 'POST', route: '/channels/{channel_id}/messages', status: 503, times: 2 });
    const statuses = [
      (await post('1')).status,
      (await call(discord, 'GET', '/users/@me')).status,
      (await post('2')).status,
    ];
    expect([...statuses, (await post('3')).status]).toEqual([503, 200, 503, 200]);
    expect(discord.messages()).toHaveLength(1);
  });

  test('can be taken back', async () => {
    const stop = discord.faults.rest({ route: /messages$/, status: 500 });
    stop();
    expect((await post('1')).status).toBe(200);
  });

  test('can be a complete 429', async () => {
    discord.faults.rest({ status: 429, retryAfter: 1.5, global: true, message: 'Slow down' });
    const { body, headers } = await post('1');
    expect(body).toEqual({ message: 'Slow down', code: 0, retry_after: 1.5, global: true });
    expect([headers.get('retry-after'), headers.get('x-ratelimit-global')]).toEqual(['2', 'true']);
  });

  test('can cut the connection before or after the request took effect', async () => {
    discord.faults.rest({ drop: true });
    await expect(post('lost')).rejects.toThrow('fetch failed');
    discord.faults.rest({ drop: true, afterApplying: true });
    await expect(post('kept')).rejects.toThrow('fetch failed');
    expect(discord.messages().map(({ content }) => content)).toEqual(['kept']);
    expect(discord.requests.slice(-2)).toMatchObject([
      { status: null, body: { content: 'lost' } },
      { status: null, body: { content: 'kept' } },
    ]);
  });

  test('can only delay', async () => {
    discord.faults.rest({ delayMs: 5 });
    expect((await post('late')).status).toBe(200);
  });

  test('can end a token early and delete a message', async () => {
    const interaction = discord.interact.command({ name: 'hi' });
    const { id, token } = interaction;
    await call(discord, 'POST', `/interactions/${id}/${token}/callback`, { type: 4, data: { content: 'x' } });
    const message = await interaction.answer();
    const path = `/webhooks/${discord.applicationId}/${token}/messages/@original`;
    discord.faults.deleteMessage(message);
    expect((await call(discord, 'PATCH', path, { content: 'y' })).body.code).toBe(10008);
    discord.faults.expireToken(interaction);
    expect((await call(discord, 'PATCH', path, { content: 'y' })).body.code).toBe(50027);
  });
});

test('it closes at once, whatever is still going on', async () => {
  const other = await startDiscord();
  other.faults.rest({ delayMs: 60_000 });
  const pending = call(other, 'GET', '/users/@me').catch((error: unknown) => error);
  await other.close();
  expect(await pending).toBeInstanceOf(Error);
});
