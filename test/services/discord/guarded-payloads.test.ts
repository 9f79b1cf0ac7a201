import { Client, Events, type Interaction, Status } from 'discord.js';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { guardPayloads } from '../../../src/services/discord/guarded-payloads.ts';

const TOKEN = 'aW50ZXJhY3Rpb246-the-token';
const INTERACTION = {
  ...{
    id: '1',
    application_id: '2',
    type: 2,
    token: TOKEN,
    version: 1,
    user: { id: '3', username: 'carol' },
  },
  data: { id: '4', name: 'imagine', type: 1 },
};

test('what an interaction can do without is filled in before discord.js looks for it', () => {
  const { client, receive } = guarded();
  const locales: string[] = [];
  client.on(Events.InteractionCreate, ({ locale }) => locales.push(locale));
  receive('INTERACTION_CREATE', INTERACTION);
  receive('INTERACTION_CREATE', { ...INTERACTION, entitlements: null, locale: null, app_permissions: 'all' });
  receive('INTERACTION_CREATE', { ...INTERACTION, locale: 'zh-CN' });
  expect(locales).toEqual(['en-US', 'en-US', 'zh-CN']);
});

test.each<[string, object, object]>([
  ['a channel', { channel_id: '7' }, { channelId: '7', guildId: null }],
  ['a channel of a server', { channel_id: '7', guild_id: '8' }, { channelId: '7', guildId: '8' }],
  ['a channel beside an empty one', { channel_id: '7', channel: {} }, { channelId: '7' }],
  ['a group of people', { channel_id: '7', channel: null, context: 2 }, { channelId: '7' }],
  ['a server as an object', { channel_id: '7', guild: { id: '8' } }, { guildId: '8' }],
])('%s is known by its id alone', (_, place, known) => {
  const { client, receive, logged } = guarded();
  const came: Interaction[] = [];
  client.on(Events.InteractionCreate, (interaction) => came.push(interaction));
  receive('INTERACTION_CREATE', { ...INTERACTION, ...place });
  expect(logged).toEqual([]);
  expect(came).toEqual([expect.objectContaining(known)]);
});

test('a member without roles has none', () => {
  const { client, receive } = guarded();
  const roles: unknown[] = [];
  client.on(Events.InteractionCreate, ({ member }) => roles.push(member?.roles));
  const member = { user: INTERACTION.user, permissions: '0' };
  receive('INTERACTION_CREATE', { ...INTERACTION, guild_id: '8', channel_id: '7', user: undefined, member });
  expect(roles).toEqual([[]]);
});

test('a file without a name has one, and a place that would take no bytes takes as many as others', () => {
  const { client, receive } = guarded();
  const came: unknown[] = [];
  client.on(Events.InteractionCreate, (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const { name } = interaction.options.getAttachment('reference', true);
    came.push([name, interaction.attachmentSizeLimit]);
  });
  const attachments = { 9: { id: '9', url: 'https://cdn.discordapp.com/9', size: 5 } };
  const options = [{ name: 'reference', type: 11, value: '9' }];
  const data = { ...INTERACTION.data, options, resolved: { attachments } };
  for (const attachment_size_limit of [0, -1, null, 5_000_000]) {
    receive('INTERACTION_CREATE', { ...INTERACTION, data, attachment_size_limit });
  }
  expect(came).toEqual([...Array(3).fill(['file', undefined]), ['file', 5_000_000]]);
});

test('of a form with empty parts the others are read', () => {
  const { client, receive } = guarded();
  const typed: string[] = [];
  client.on(Events.InteractionCreate, (interaction) => {
    if (interaction.isModalSubmit()) typed.push(interaction.fields.getTextInputValue('prompt'));
  });
  const prompt = { type: 18, id: 1, component: { type: 4, id: 2, custom_id: 'prompt', value: 'a fox' } };
  const components = [null, { type: 18, id: 3, component: null }, { type: 18, id: 4 }, prompt];
  receive('INTERACTION_CREATE', { ...INTERACTION, type: 5, data: { custom_id: 'edit:1', components } });
  expect(typed).toEqual(['a fox']);
});

test.each([
  ['an interaction of an unknown type', 'INTERACTION_CREATE', { ...INTERACTION, type: 77 }],
  ['an interaction without data', 'INTERACTION_CREATE', { ...INTERACTION, data: undefined }],
  ['an interaction of nobody', 'INTERACTION_CREATE', { ...INTERACTION, user: undefined }],
  ['a form without fields', 'INTERACTION_CREATE', { ...INTERACTION, type: 5, data: { custom_id: 'edit' } }],
  ['no interaction at all', 'INTERACTION_CREATE', null],
  ['a server that is none', 'GUILD_CREATE', null],
  ['a server whose channels are none', 'GUILD_CREATE', { id: '5', channels: 7 }],
])('%s is dropped with a line in the log, and without its token there', (_, type, data) => {
  const { client, receive, logged } = guarded();
  let handed = 0;
  client.on(Events.InteractionCreate, () => {
    handed += 1;
  });
  expect(() => receive(type, data)).not.toThrow();
  expect(handed).toBe(0);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('it is dropped');
  expect(logged[0]).not.toContain(TOKEN);
});

test('a mistake in a listener of the bot is no payload’s fault, and is thrown on', () => {
  const { client, receive, logged } = guarded();
  client.on(Events.InteractionCreate, () => {
    throw new TypeError('a mistake of the bot');
  });
  expect(() => receive('INTERACTION_CREATE', INTERACTION)).toThrow('a mistake of the bot');
  expect(logged).toEqual([]);
});

/** A client that takes itself for connected. */
test('a session after the first may say less of itself', () => {
  const { client, receive, logged } = guarded();
  const ready = { user: { id: '2', username: 'imagine' }, guilds: [], application: { id: '2', flags: 0 } };
  receive('READY', ready);
  for (const less of [
    { guilds: undefined },
    { application: null },
    { user: {} },
    { guilds: [null] },
    { user: 1 },
  ])
    receive('READY', { ...ready, ...less });
  expect(client.user).toMatchObject({ id: '2', username: 'imagine' });
  expect(client.application?.id).toBe('2');
  expect(logged).toEqual([]);
});

/** What discord.js asks of one. */
const SHARD = { id: 0, checkReady: () => undefined };

function guarded() {
  const client = new Client({ intents: [] });
  const logged: string[] = [];
  guardPayloads(client, pino({}, { write: (line: string) => logged.push(line) }));
  client.ws.status = Status.Ready;
  const { ws } = client as unknown as { ws: { handlePacket(packet: object, shard: object): void } };
  return { client, logged, receive: (t: string, d: unknown) => ws.handlePacket({ op: 0, t, d }, SHARD) };
}
