import {
  ChannelType,
  type ChatInputCommandInteraction,
  Client,
  Events,
  GatewayIntentBits as Intent,
  type Interaction,
  InteractionContextType,
  PermissionFlagsBits as Permission,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Channel, type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { call } from './api.ts';

const EVERYWHERE = { integration_types: [0, 1], contexts: [0, 1, 2] };
let discord: Discord;
let client: Client<true>;

beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
  await call(discord, 'PUT', `/applications/${discord.applicationId}/commands`, [
    { name: 'paint', description: 'Paints', ...EVERYWHERE },
    { name: 'here', description: 'For servers that installed the bot' },
    { name: 'private', description: 'For people who installed the bot', integration_types: [1] },
    { name: 'Paint again', type: 3, ...EVERYWHERE },
  ]);
  client = new Client({
    intents: [Intent.Guilds, Intent.GuildMessages, Intent.DirectMessages],
    rest: { api: discord.apiUrl, version: '10' },
  });
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  await ready;
});
afterEach(async () => {
  await client.destroy();
  await discord.close();
});

type Extra = { user?: Discord['bot']; userInstalled?: boolean | 'too' };

/** Runs /paint in a place, and returns it as the client heard of it. */
async function paintIn(channel: Channel, extra: Extra = {}): Promise<ChatInputCommandInteraction> {
  const received = new Promise((resolve) => client.once(Events.InteractionCreate, resolve));
  discord.interact.command({ name: 'paint', channel, ...extra });
  return (await received) as ChatInputCommandInteraction;
}

/** As they were sent. */
const ownersOf = ({ authorizingIntegrationOwners }: Interaction) =>
  JSON.parse(JSON.stringify(authorizingIntegrationOwners));
const pathOf = (channel: Channel) => `/channels/${channel.id}/messages`;

describe('the bot', () => {
  test('is told of the guild it is in, with its forum, its voice channel and its threads', () => {
    expect([...client.guilds.cache.keys()]).toEqual([discord.guild.id]);
    expect(client.channels.cache.get(discord.voice.id)?.type).toBe(ChannelType.GuildVoice);
    const post = client.channels.cache.get(discord.forumPost.id);
    expect(post?.isThread() && post.parent?.type).toBe(ChannelType.GuildForum);
    expect(client.channels.cache.has(discord.elsewhere.id)).toBe(false);
  });

  test('lists its guilds and their channels without threads', async () => {
    expect((await call(discord, 'GET', '/users/@me/guilds')).body).toMatchObject([{ id: discord.guild.id }]);
    const { body } = await call(discord, 'GET', `/guilds/${discord.guild.id}/channels`);
    expect(body).toHaveLength(4);
  });

  test('hears no message from where it isn’t', async () => {
    const heard: string[] = [];
    client.on(Events.MessageCreate, ({ channelId }) => heard.push(channelId));
    const last = new Promise((resolve) => client.once(Events.MessageCreate, resolve));
    const places = [discord.groupDm, discord.elsewhere, discord.dm(discord.people.alice, discord.people.bob)];
    for (const channel of [...places, discord.voice]) {
      await discord.say({ user: discord.people.bob, channel, content: 'Psst' });
    }
    await last;
    expect(heard).toEqual([discord.voice.id]);
  });

  test('is not told of channels where it isn’t', async () => {
    const changed: string[] = [];
    client.on(Events.ChannelDelete, ({ id }) => changed.push(id));
    const deleted = new Promise((resolve) => client.once(Events.ChannelDelete, resolve));
    discord.faults.deleteChannel(discord.elsewhere);
    discord.faults.deleteChannel(discord.voice);
    await deleted;
    expect(changed).toEqual([discord.voice.id]);
  });

  test.each(['groupDm', 'elsewhere'] as const)('reads and writes nothing in %s', async (place) => {
    const channel = discord[place];
    const { id } = await discord.say({ user: discord.people.bob, channel, content: 'Hi' });
    const answers = await Promise.all([
      call(discord, 'GET', pathOf(channel)),
      call(discord, 'GET', `${pathOf(channel)}/${id}`),
      call(discord, 'POST', pathOf(channel), { content: 'Hi' }),
      call(discord, 'PATCH', `${pathOf(channel)}/${id}`, { content: 'Hi' }),
      call(discord, 'DELETE', `${pathOf(channel)}/${id}`),
      call(discord, 'GET', `/channels/${channel.id}`),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(6).fill([403, 50001]));
  });

  test('registers no commands in a guild where it isn’t', async () => {
    const guildId = (discord.elsewhere as { guild_id?: string }).guild_id;
    const path = `/applications/${discord.applicationId}/guilds/${guildId}/commands`;
    expect((await call(discord, 'PUT', path, [])).body.code).toBe(50001);
  });
});

describe('a forum', () => {
  const forum = () => ({ ...discord.forumPost, id: (discord.forumPost as { parent_id: string }).parent_id });

  test('takes posts only, and a post takes messages', async () => {
    const refused = await call(discord, 'POST', pathOf(forum()), { content: 'Hi' });
    expect([refused.status, refused.body.code]).toEqual([400, 50008]);
    expect((await call(discord, 'POST', pathOf(discord.forumPost), { content: 'Hi' })).status).toBe(200);
  });

  test('gives its posts its permissions, but for SEND_MESSAGES', async () => {
    const post = async () => (await call(discord, 'POST', pathOf(discord.forumPost), { content: 'Hi' })).body;
    const restore = discord.faults.revokePermissions(Permission.SendMessages, discord.forumPost);
    expect((await post()).code).toBeUndefined();
    restore();
    discord.faults.revokePermissions(Permission.SendMessagesInThreads, discord.forumPost);
    expect((await post()).code).toBe(50013);
    discord.faults.revokePermissions(Permission.ViewChannel, discord.forumPost);
    expect((await post()).code).toBe(50001);
  });
});

test('the chat of a voice channel is open only to those who may connect', async () => {
  expect((await call(discord, 'POST', pathOf(discord.voice), { content: 'Hi' })).status).toBe(200);
  discord.faults.revokePermissions(Permission.Connect, discord.voice);
  expect((await call(discord, 'POST', pathOf(discord.voice), { content: 'Hi' })).body.code).toBe(50001);
  expect((await call(discord, 'GET', pathOf(discord.voice))).body.code).toBe(50001);
});

describe('an interaction', () => {
  test('in a forum post and in a voice chat is one of the guild', async () => {
    for (const channel of [discord.forumPost, discord.voice]) {
      const interaction = await paintIn(channel);
      expect(interaction.context).toBe(InteractionContextType.Guild);
      expect(interaction.guild?.id).toBe(discord.guild.id);
      expect(interaction.channel?.id).toBe(channel.id);
      expect(ownersOf(interaction)).toEqual({ 0: discord.guild.id });
      await interaction.reply('Hi');
    }
  });

  test('in a guild where the bot isn’t tells of that guild, and is the person’s', async () => {
    const interaction = await paintIn(discord.elsewhere, { user: discord.people.bob });
    expect(interaction.context).toBe(InteractionContextType.Guild);
    expect(interaction.guildId).not.toBe(discord.guild.id);
    expect(interaction.guild).toBeNull();
    expect(interaction.guildLocale).toBe('fr');
    expect(interaction.member).toMatchObject({ user: { username: 'bob' }, roles: [] });
    expect(ownersOf(interaction)).toEqual({ 1: discord.people.bob.id });
    await interaction.reply('Hi');
    expect(discord.messages(discord.elsewhere.id)).toMatchObject([{ content: 'Hi', visibleTo: null }]);
  });

  test('in a group or between two people is private, and the person’s', async () => {
    const between = discord.dm(discord.people.alice, discord.people.bob);
    for (const channel of [discord.groupDm, between]) {
      const interaction = await paintIn(channel);
      expect(interaction.context).toBe(InteractionContextType.PrivateChannel);
      expect([interaction.guildId, interaction.member]).toEqual([null, null]);
      expect(ownersOf(interaction)).toEqual({ 1: discord.people.alice.id });
      await interaction.reply('Hi');
      expect(discord.messages(channel.id)).toHaveLength(1);
    }
  });

  test('is authorized by the guild, by the person, or by both', async () => {
    const { alice } = discord.people;
    const owners = async (channel: Channel, userInstalled?: boolean | 'too') => {
      const interaction = await paintIn(channel, userInstalled === undefined ? {} : { userInstalled });
      return ownersOf(interaction);
    };
    expect(await owners(discord.channel, true)).toEqual({ 1: alice.id });
    expect(await owners(discord.channel, 'too')).toEqual({ 0: discord.guild.id, 1: alice.id });
    expect(await owners(discord.dm(alice))).toEqual({ 0: '0' });
    expect(await owners(discord.dm(alice), 'too')).toEqual({ 0: '0', 1: alice.id });
    expect(await owners(discord.groupDm, 'too')).toEqual({ 1: alice.id });
  });

  test('with a message stays authorized by whoever ran the command', async () => {
    const button = { type: 2, style: 1, label: 'Go', custom_id: 'go' };
    const interaction = await paintIn(discord.groupDm);
    await interaction.reply({ content: 'Hi', components: [{ type: 1, components: [button] }] });
    const [message] = discord.messages(discord.groupDm.id);
    if (!message) throw new Error('there is no reply');
    const received = new Promise<Interaction>((resolve) => {
      client.once(Events.InteractionCreate, resolve);
    });
    discord.interact.click({ message, customId: 'go', user: discord.people.bob });
    expect(ownersOf(await received)).toEqual({ 1: discord.people.alice.id });
  });

  test('is begun only by those who are there', () => {
    const { people } = discord;
    const between = discord.dm(people.alice, people.bob);
    expect(() => discord.interact.command({ name: 'paint', channel: between, user: people.carol })).toThrow(
      "carol doesn't see",
    );
  });
});

describe('where the bot isn’t', () => {
  test.each(['groupDm', 'elsewhere'] as const)('%s offers only what a person may install', (place) => {
    expect(() => discord.interact.command({ name: 'here', channel: discord[place] })).toThrow(
      "isn't offered",
    );
    discord.interact.command({ name: 'paint', channel: discord[place] });
  });

  test('a command without contexts isn’t offered in private', () => {
    expect(() => discord.interact.command({ name: 'private', channel: discord.groupDm })).toThrow(
      "isn't offered here",
    );
    discord.interact.command({ name: 'private', channel: discord.elsewhere });
  });

  test('a message is handed over by its menu all the same', async () => {
    const message = await discord.say({
      user: discord.people.bob,
      channel: discord.elsewhere,
      content: 'Look',
    });
    const received = new Promise((resolve) => client.once(Events.InteractionCreate, resolve));
    discord.interact.messageMenu({ name: 'Paint again', message });
    expect(await received).toMatchObject({ targetMessage: { content: 'Look' } });
  });
});

describe('app_permissions', () => {
  const permissionsOf = async (channel: Channel, extra?: Extra) =>
    (await paintIn(channel, extra)).appPermissions.bitfield;
  const IN_PRIVATE = Permission.AttachFiles | Permission.EmbedLinks | Permission.MentionEveryone;

  test('are the bot’s own in a channel of its guild', async () => {
    discord.faults.revokePermissions(Permission.AttachFiles | Permission.EmbedLinks, discord.channel);
    const held = await permissionsOf(discord.channel);
    expect(held & IN_PRIVATE).toBe(0n);
    expect(held & Permission.SendMessages).toBe(Permission.SendMessages);
    expect((await permissionsOf(discord.otherChannel)) & Permission.AttachFiles).toBe(Permission.AttachFiles);
  });

  test('are few in private, and one more in the bot’s direct messages', async () => {
    expect(await permissionsOf(discord.groupDm)).toBe(IN_PRIVATE);
    expect(await permissionsOf(discord.dm(discord.people.alice))).toBe(
      IN_PRIVATE | Permission.UseExternalEmojis,
    );
  });

  test('are the person’s, as far as a response needs them, where only they installed the bot', async () => {
    const bobs = Permission.AttachFiles | Permission.EmbedLinks | Permission.UseExternalEmojis;
    expect(await permissionsOf(discord.elsewhere, { user: discord.people.bob })).toBe(bobs);
    expect(await permissionsOf(discord.channel, { userInstalled: true })).toBe(
      bobs | Permission.MentionEveryone,
    );
  });
});

test('an answer pings everyone where app_permissions let it, and an edit of it, too', async () => {
  const everyone = { content: '@everyone', allowedMentions: { parse: ['everyone'] as const } };
  const pinged = async (channel: Channel) => {
    const interaction = await paintIn(channel, { user: discord.people.bob });
    await interaction.reply(everyone);
    const [replied] = discord.messages(channel.id);
    await interaction.editReply(everyone);
    const [edited] = discord.messages(channel.id);
    return [replied?.pings.everyone, edited?.pings.everyone];
  };
  expect(await pinged(discord.groupDm)).toEqual([true, true]);
  expect(await pinged(discord.elsewhere)).toEqual([false, false]);
  expect(await pinged(discord.channel)).toEqual([false, false]);
});

test('where the bot isn’t, an answer is followed by at most five others', async () => {
  const interaction = await paintIn(discord.groupDm);
  await interaction.reply('Hi');
  for (const content of ['1', '2', '3', '4', '5']) await interaction.followUp(content);
  await expect(interaction.followUp('6')).rejects.toMatchObject({ code: 40094 });
});

test('a person who may not write in a guild gets private answers from their own installation', async () => {
  const channel = discord.elsewhere as { permission_overwrites?: object[]; guild_id?: string };
  channel.permission_overwrites = [
    { id: channel.guild_id, type: 0, allow: '0', deny: String(Permission.SendMessages) },
  ];
  const interaction = await paintIn(discord.elsewhere);
  await interaction.reply('Hi');
  expect(discord.messages(discord.elsewhere.id)).toMatchObject([{ visibleTo: discord.people.alice.id }]);
});
