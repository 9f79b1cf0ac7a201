import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  Events,
  GatewayIntentBits,
  type TextChannel,
} from 'discord.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { findOwnMessage } from '../../../src/services/discord/own-message.ts';
import { generationRow } from '../rows.ts';

let discord: Discord;
let client: Client;
let channel: TextChannel;
let looks = 0;
beforeAll(async () => {
  discord = await startDiscord({ rateLimits: false });
  discord.on('request', ({ method, route }) => {
    if (method === 'GET' && route === '/channels/{channel_id}/messages') looks += 1;
  });
  client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: discord.apiUrl, version: '10' },
    allowedMentions: { parse: [] },
  });
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  await ready;
  channel = (await client.channels.fetch(discord.channel.id)) as TextChannel;
});
afterAll(async () => {
  await client.destroy();
  await discord.close();
});

test.each([0, 99, 100, 250])('the bot finds its own message behind %d others', async (others) => {
  const generation = generationRow({ id: crypto.randomUUID(), tokenAt: Date.now() });
  await say(120);
  const own = await channel.send({ content: 'done', components: [buttonOf(generation.id)] });
  await say(others);
  expect((await findOwnMessage(channel, generation))?.id).toBe(own.id);
});

test('the reply, which could not be edited, is not taken for a new message', async () => {
  const id = crypto.randomUUID();
  const reply = await channel.send({ content: 'waiting', components: [buttonOf(id)] });
  const message = { id: reply.id, channelId: channel.id };
  expect(await findOwnMessage(channel, generationRow({ id, tokenAt: Date.now(), message }))).toBeNull();
});

test('where there is none, nothing older than the request is looked through', async () => {
  await say(350);
  looks = 0;
  const generation = generationRow({ id: crypto.randomUUID(), tokenAt: Date.now() + 1000 });
  expect(await findOwnMessage(channel, generation)).toBeNull();
  expect(looks).toBe(1);
});

test('a channel that is busier than any is not looked through to its end', async () => {
  await say(1100);
  looks = 0;
  expect(
    await findOwnMessage(channel, generationRow({ id: crypto.randomUUID(), tokenAt: 1_600_000_000_000 })),
  ).toBeNull();
  expect(looks).toBe(10);
});

async function say(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1)
    await discord.say({ user: discord.people.carol, channel: discord.channel, content: `${left}` });
}

function buttonOf(id: string) {
  const button = new ButtonBuilder()
    .setCustomId(`again:${id}`)
    .setLabel('Again')
    .setStyle(ButtonStyle.Primary);
  return new ActionRowBuilder<ButtonBuilder>().addComponents(button);
}
