import { GatewayIntentBits as Intent, PermissionFlagsBits as Permission } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Channel, type Discord, type Message, startDiscord } from '../../../sandbox/discord/index.ts';
import { call } from './api.ts';

let discord: Discord;
beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
});
afterEach(() => discord.close());

const files = [{ name: 'notes.txt', bytes: new Uint8Array(3) }];
const say = (channel: Channel, content = 'Psst') =>
  discord.say({ user: discord.people.bob, channel, content, files });
const read = async ({ channel_id, id }: Pick<Message, 'channel_id' | 'id'>) =>
  (await call(discord, 'GET', `/channels/${channel_id}/messages/${id}`)).body;

/** Begins a session with these intents. */
async function identify(intents: number): Promise<WebSocket> {
  const { body } = await call(discord, 'GET', '/gateway/bot');
  const socket = new WebSocket(`${body.url}?v=10&encoding=json`);
  await new Promise((resolve) => socket.once('open', resolve));
  const ready = new Promise<void>((resolve) => discord.on('session', () => resolve()));
  socket.send(JSON.stringify({ op: 2, d: { token: discord.token, intents, properties: {} } }));
  await ready;
  return socket;
}

test('what others wrote in a guild is empty without the intent, one by one and in lists', async () => {
  const message = await say(discord.channel);
  const empty = { id: message.id, content: '', embeds: [], attachments: [], components: [] };
  expect(await read(message)).toMatchObject(empty);
  expect((await call(discord, 'GET', `/channels/${discord.channel.id}/messages`)).body).toMatchObject([
    empty,
  ]);
});

test('what mentions the bot, is its own, or comes directly to it can be read', async () => {
  const mentioning = await say(discord.channel, `Hi <@${discord.bot.id}>`);
  expect(await read(mentioning)).toMatchObject({ content: mentioning.content, attachments: [{ size: 3 }] });
  expect(await read(await say(discord.dm(discord.people.bob)))).toMatchObject({ content: 'Psst' });
  const path = `/channels/${discord.channel.id}/messages`;
  const own = (await call(discord, 'POST', path, { content: 'Mine' })).body;
  expect(await read({ id: own.id, channel_id: discord.channel.id })).toMatchObject({ content: 'Mine' });
});

test('with the intent everything can be read', async () => {
  await identify(Intent.Guilds | Intent.MessageContent);
  expect(await read(await say(discord.channel))).toMatchObject({ content: 'Psst' });
});

test('without READ_MESSAGE_HISTORY a channel seems empty, and a message can’t be read', async () => {
  const message = await say(discord.channel);
  discord.faults.revokePermissions(Permission.ReadMessageHistory, discord.channel);
  const { status, body } = await call(discord, 'GET', `/channels/${discord.channel.id}/messages`);
  expect([status, body]).toEqual([200, []]);
  expect((await read(message)).code).toBe(50013);
});

test('a menu command hands its message over whole', async () => {
  await call(discord, 'PUT', `/applications/${discord.applicationId}/commands`, [{ name: 'Look', type: 3 }]);
  const message = await say(discord.channel);
  const socket = await identify(Intent.Guilds);
  const received = new Promise<string>((resolve) => {
    socket.on('message', (raw) => String(raw).includes('INTERACTION_CREATE') && resolve(String(raw)));
  });
  discord.interact.messageMenu({ name: 'Look', message });
  expect(JSON.parse(await received).d.data.resolved.messages[message.id]).toMatchObject({
    content: 'Psst',
    attachments: [{ filename: 'notes.txt' }],
  });
});
