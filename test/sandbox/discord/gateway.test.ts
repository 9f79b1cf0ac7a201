import { GatewayIntentBits as Intent } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Channel, type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { call } from './api.ts';

interface Payload {
  op: number;
  s: number | null;
  t: string | null;
  d: Record<string, unknown>;
}

/** A bare gateway client: what came in, in order, waited for by a predicate. */
interface Connection {
  socket: WebSocket;
  send(op: number, d: unknown): void;
  received(fits: (payload: Payload) => boolean): Promise<Payload>;
  closed: Promise<number>;
  payloads: readonly Payload[];
}

let discord: Discord;
beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
  await call(discord, 'PUT', `/applications/${discord.applicationId}/commands`, [
    { name: 'hi', description: 'Hi' },
  ]);
});
afterEach(() => discord.close());

async function connect(to: Discord = discord): Promise<Connection> {
  const { body } = await call(to, 'GET', '/gateway/bot');
  const socket = new WebSocket(`${body.url}?v=10&encoding=json`);
  const payloads: Payload[] = [];
  socket.on('message', (data) => payloads.push(JSON.parse(data.toString())));
  const connection: Connection = {
    socket,
    payloads,
    send: (op, d) => socket.send(JSON.stringify({ op, d })),
    closed: new Promise((resolve) => socket.once('close', resolve)),
    async received(fits) {
      for (;;) {
        const found = payloads.find(fits);
        if (found) return found;
        await new Promise((resolve) => socket.once('message', resolve));
      }
    },
  };
  await connection.received(({ op }) => op === 10);
  return connection;
}

const identity = (extra: object = {}) => ({
  token: discord.token,
  intents: Intent.Guilds,
  properties: {},
  ...extra,
});
const event = (name: string) => (payload: Payload) => payload.t === name;

test('a session begins with READY and its guild', async () => {
  const bot = await connect();
  bot.send(2, identity());
  const ready = await bot.received(event('READY'));
  expect(ready).toMatchObject({
    s: 1,
    d: {
      user: { id: discord.applicationId, bot: true },
      guilds: [{ id: discord.guild.id, unavailable: true }],
    },
  });
  const { d } = await bot.received(event('GUILD_CREATE'));
  expect(d).toMatchObject({ id: discord.guild.id, members: [{ user: { bot: true } }] });
  expect(d.threads).toMatchObject([{ id: discord.thread.id }, { id: discord.forumPost.id }]);
});

test.each([
  ['a wrong token', { token: 'wrong' }, 4004],
  ['a shard that can’t be', { shard: [1, 1] }, 4010],
  ['half a shard', { shard: [0.5, 1] }, 4010],
  ['intents that don’t exist', { intents: 1 << 30 }, 4013],
  ['intents it isn’t allowed', { intents: Intent.GuildMembers }, 4014],
])('IDENTIFY with %s is refused', async (_, extra, code) => {
  const bot = await connect();
  bot.send(2, identity(extra));
  expect(await bot.closed).toBe(code);
});

test('what is no JSON, no known op, or a second IDENTIFY closes the connection', async () => {
  const [garbled, unknown, twice] = await Promise.all([connect(), connect(), connect()]);
  garbled.socket.send('{');
  expect(await garbled.closed).toBe(4002);
  unknown.send(99, null);
  expect(await unknown.closed).toBe(4001);
  twice.send(2, identity());
  twice.send(2, identity());
  expect(await twice.closed).toBe(4005);
});

test('heartbeats are acknowledged, and silence ends the connection', async () => {
  const impatient = await startDiscord({ heartbeatIntervalMs: 40 });
  try {
    const bot = await connect(impatient);
    bot.send(1, null);
    await bot.received(({ op }) => op === 11);
    expect(await bot.closed).toBe(4009);
  } finally {
    await impatient.close();
  }
});

test('RESUME replays what was missed, in order', async () => {
  const bot = await connect();
  bot.send(2, identity());
  const { d } = await bot.received(event('READY'));
  const { s: seq } = await bot.received(event('GUILD_CREATE'));
  discord.faults.dropGateway();
  await bot.closed;
  discord.interact.command({ name: 'hi' });
  discord.interact.command({ name: 'hi' });
  const again = await connect();
  again.send(6, { token: discord.token, session_id: d.session_id, seq });
  await again.received(event('RESUMED'));
  expect(again.payloads.map(({ t, s }) => [t, s])).toEqual([
    [null, null],
    ['INTERACTION_CREATE', 3],
    ['INTERACTION_CREATE', 4],
    ['RESUMED', 5],
  ]);
});

test('a session that is gone can’t be resumed', async () => {
  const bot = await connect();
  bot.send(6, { token: discord.token, session_id: 'gone', seq: 1 });
  expect(await bot.received(({ op }) => op === 9)).toMatchObject({ d: false });
});

test('op 7 and op 9 are sent on command', async () => {
  const bot = await connect();
  bot.send(2, identity());
  await bot.received(event('READY'));
  discord.faults.requestReconnect();
  await bot.received(({ op }) => op === 7);
  discord.faults.invalidSession(true);
  expect(await bot.received(({ op }) => op === 9)).toMatchObject({ d: true });
});

test('messages are told only to those who asked, and their content only to those who may read it', async () => {
  const [plain, listening, reading] = await Promise.all([connect(), connect(), connect()]);
  plain.send(2, identity());
  listening.send(2, identity({ intents: Intent.Guilds | Intent.GuildMessages }));
  reading.send(2, identity({ intents: Intent.GuildMessages | Intent.MessageContent }));
  await Promise.all([plain, listening, reading].map((bot) => bot.received(event('READY'))));
  await discord.say({ user: discord.people.bob, channel: discord.channel, content: 'Psst' });
  expect((await reading.received(event('MESSAGE_CREATE'))).d.content).toBe('Psst');
  expect((await listening.received(event('MESSAGE_CREATE'))).d.content).toBe('');
  discord.interact.command({ name: 'hi' });
  await plain.received(event('INTERACTION_CREATE'));
  expect(plain.payloads.some(event('MESSAGE_CREATE'))).toBe(false);
});

test('a channel that changes or goes is told', async () => {
  const bot = await connect();
  bot.send(2, identity());
  await bot.received(event('GUILD_CREATE'));
  discord.faults.revokePermissions(1n << 11n, discord.channel);
  expect((await bot.received(event('CHANNEL_UPDATE'))).d.permission_overwrites).toMatchObject([
    { deny: '2048' },
  ]);
  discord.faults.deleteChannel(discord.channel);
  expect((await bot.received(event('CHANNEL_DELETE'))).d.id).toBe(discord.channel.id);
});

test('a thread that goes is told as such, and goes with its channel', async () => {
  const bot = await connect();
  bot.send(2, identity());
  await bot.received(event('GUILD_CREATE'));
  discord.faults.deleteChannel(discord.forumPost);
  const { id, guild_id, parent_id, type } = discord.forumPost as Extract<
    Channel,
    { thread_metadata?: object }
  >;
  expect((await bot.received(event('THREAD_DELETE'))).d).toEqual({ id, guild_id, parent_id, type });
  discord.faults.deleteChannel(discord.channel);
  await bot.received(({ t, d }) => t === 'THREAD_DELETE' && d.id === discord.thread.id);
  expect((await call(discord, 'GET', `/channels/${discord.thread.id}`)).body.code).toBe(10003);
});

test('a guild’s interactions go to its shard, direct ones to shard 0', async () => {
  const shards = await Promise.all([connect(), connect()]);
  for (const [index, shard] of shards.entries()) shard.send(2, identity({ shard: [index, 2] }));
  await Promise.all(shards.map((shard) => shard.received(event('READY'))));
  const guildShard = shards[Number((BigInt(discord.guild.id) >> 22n) % 2n)];
  const direct = discord.interact.command({
    name: 'hi',
    channel: discord.dm(discord.people.bob),
    user: discord.people.bob,
  });
  expect((await shards[0]?.received(event('INTERACTION_CREATE')))?.d.id).toBe(direct.id);
  const inGuild = discord.interact.command({ name: 'hi' });
  await guildShard?.received(({ d }) => d?.id === inGuild.id);
});

test('interactions of a guild the bot isn’t in go to the shard of that guild', async () => {
  await call(discord, 'PUT', `/applications/${discord.applicationId}/commands`, [
    { name: 'hi', description: 'Hi', integration_types: [0, 1] },
  ]);
  const shards = await Promise.all([connect(), connect()]);
  for (const [index, shard] of shards.entries()) shard.send(2, identity({ shard: [index, 2] }));
  await Promise.all(shards.map((shard) => shard.received(event('READY'))));
  const { guild_id: guildId = '0' } = discord.elsewhere as { guild_id?: string };
  const interaction = discord.interact.command({ name: 'hi', channel: discord.elsewhere });
  const guildShard = shards[Number((BigInt(guildId) >> 22n) % 2n)];
  expect((await guildShard?.received(event('INTERACTION_CREATE')))?.d).toMatchObject({
    id: interaction.id,
    guild_id: guildId,
    guild: { id: guildId, locale: 'fr', features: [] },
    guild_locale: 'fr',
    channel: { id: discord.elsewhere.id, name: 'lounge' },
    member: { user: { username: 'alice' }, roles: [] },
  });
});

test('each shard hears of its own guilds, of new ones too', async () => {
  const shards = await Promise.all([connect(), connect()]);
  for (const [index, shard] of shards.entries()) shard.send(2, identity({ shard: [index, 2] }));
  await Promise.all(shards.map((shard) => shard.received(event('READY'))));
  const { guild, channel } = discord.addServer('The annex');
  const index = Number((BigInt(guild.id) >> 22n) % 2n);
  const told = await shards[index]?.received(({ t, d }) => t === 'GUILD_CREATE' && d.id === guild.id);
  expect(told?.d.channels).toMatchObject([{ id: channel.id }]);
  discord.interact.command({ name: 'hi', channel });
  await shards[index]?.received(({ t, d }) => t === 'INTERACTION_CREATE' && d.guild_id === guild.id);
  expect(shards[1 - index]?.payloads.some(({ d }) => d?.id === guild.id)).toBe(false);
});

test('faults reach the shard that is named alone', async () => {
  const shards = await Promise.all([connect(), connect()]);
  for (const [index, shard] of shards.entries()) shard.send(2, identity({ shard: [index, 2] }));
  await Promise.all(shards.map((shard) => shard.received(event('READY'))));
  discord.faults.requestReconnect(1);
  discord.faults.invalidSession(true, 1);
  await shards[1]?.received(({ op }) => op === 9);
  discord.faults.dropGateway({ shard: 1, code: 4000 });
  expect(await shards[1]?.closed).toBe(4000);
  shards[0]?.send(1, null);
  await shards[0]?.received(({ op }) => op === 11);
  expect(shards[0]?.payloads.some(({ op }) => op === 7 || op === 9)).toBe(false);
});

test('where more shards are required, fewer are refused, and those that are there end', async () => {
  const [small, late] = await Promise.all([connect(), connect()]);
  small.send(2, identity());
  await small.received(event('READY'));
  discord.faults.requireShards(2);
  expect(await small.closed).toBe(4011);
  late.send(2, identity());
  expect(await late.closed).toBe(4011);
  expect((await call(discord, 'GET', '/gateway/bot')).body.shards).toBe(2);
});

test('a shard with more than 2,500 guilds is refused', async () => {
  for (let guilds = 1; guilds <= 2500; guilds += 1) discord.addServer(`server ${guilds}`);
  const bot = await connect();
  bot.send(2, identity());
  expect(await bot.closed).toBe(4011);
});

test('sessions of one rate limit key start 5 s apart; a quicker one is invalid', async () => {
  const careful = await startDiscord({ sharding: { recommended: 3, maxConcurrency: 2 } });
  try {
    const shards = await Promise.all([connect(careful), connect(careful), connect(careful)]);
    for (const [index, shard] of shards.entries()) {
      shard.send(2, identity({ token: careful.token, shard: [index, 3] }));
    }
    await Promise.all([shards[0]?.received(event('READY')), shards[1]?.received(event('READY'))]);
    expect(await shards[2]?.received(({ op }) => op === 9)).toMatchObject({ d: false });
    careful.clock.advance(5000);
    shards[2]?.send(2, identity({ token: careful.token, shard: [2, 3] }));
    await shards[2]?.received(event('READY'));
    expect((await call(careful, 'GET', '/gateway/bot')).body).toMatchObject({
      shards: 3,
      session_start_limit: { total: 1000, remaining: 997, max_concurrency: 2 },
    });
  } finally {
    await careful.close();
  }
});

test('an interaction nobody is connected for is lost and times out', async () => {
  const interaction = discord.interact.command({ name: 'hi' });
  const response = interaction.response();
  discord.clock.advance(3_001);
  await expect(response).rejects.toThrow('did not respond');
});

test('ready waits for a session and commands', async () => {
  let isReady = false;
  const ready = discord.ready().then(() => {
    isReady = true;
  });
  const bot = await connect();
  expect(isReady).toBe(false);
  bot.send(2, identity());
  await ready;
});
