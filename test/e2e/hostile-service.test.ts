import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction } from '../../sandbox/discord/index.ts';
import type { Misbehaviour } from '../../sandbox/jimmyai/index.ts';
import {
  type BotOnSandbox,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { changed } from '../support/buttons.ts';
import { stored } from '../support/generations.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

test('the service’s words are shown as words: they ping, format and link nothing', async () => {
  const reason =
    '@everyone <@123456789012345678> [free](https://evil.test)\n# BIG\n\u202eback ||hidden|| \u0000\u001b[2J';
  const message = await reply(imagine('rude words', { kind: 'failed', reason }), /could not make/);
  expect(textOf(message)).toContain(
    [
      '> \\@everyone \\<@123456789012345678> \\[free\\](https\\://evil.test)',
      '> \\# BIG',
      '> back \\|\\|hidden\\|\\|   \\[2J',
    ].join('\n'),
  );
  expect(message.mentions).toEqual([]);
  expect(message.mention_everyone).toBe(false);
  const edits = on.discord.requests.filter(({ body }) => JSON.stringify(body ?? '').includes('evil.test'));
  expect(edits.length).toBeGreaterThan(0);
  for (const { body } of edits) expect(body).toMatchObject({ allowed_mentions: { parse: [] } });
});

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://[::ffff:127.0.0.1]:1/a.png',
  'http://localhost:1/a.png',
  'https://user:password@cdn.test/a.png',
])('an image at %s is neither fetched nor linked', async (url) => {
  const message = await reply(imagine('out of bounds', { kind: 'other-url', url }), /must not fetch from/);
  expect(textOf(message)).not.toContain(new URL(url).hostname);
});

test('an address that is too long for Discord breaks neither the reply nor the history', async () => {
  const url = `{url}?${'x'.repeat(4000)}`;
  await image(imagine('far away', { kind: 'other-url', url }));
  await until(() => stored(on.databasePath, 'far away')?.settledAt);
  const lost = on.discord.faults.rest({
    method: 'GET',
    route: '/channels/{channel_id}/messages/{message_id}',
    status: 500,
    times: 99,
  });
  const search = { search: 'far away' };
  const sheet = await on.discord.interact.command({ name: 'history', options: search }).answer();
  expect(textOf(await changed(on, sheet, '1', /far away.*small preview/s))).not.toContain(url.slice(5, 100));
  lost();
});

test('the process is the same after all of that', async () => {
  await image(imagine('still here', null));
  expect(on.bot().log.filter(({ msg }) => msg.includes('is ready with'))).toHaveLength(1);
});

function imagine(prompt: string, misbehaviour: Misbehaviour | null): Interaction {
  if (misbehaviour) on.jimmyAi.misbehave(misbehaviour, { when: (request) => request.prompt === prompt });
  return on.discord.interact.command({ name: 'imagine', options: { prompt, model: 'nano-banana' } });
}
