import {
  Client,
  Events,
  GatewayIntentBits,
  PermissionFlagsBits as Permission,
  type TextChannel,
} from 'discord.js';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { createLookUp, type LookUp } from '../../../src/services/discord/look-up.ts';
import type { Generation } from '../../../src/services/ledger/rows.ts';
import { generationRow } from '../rows.ts';

const MINUTE_MS = 60_000;

let discord: Discord;
let client: Client;
let time = Date.now();
let lookUp: LookUp;
let mayAsk = true;
beforeAll(async () => {
  discord = await startDiscord({ rateLimits: false });
  client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: discord.apiUrl, version: '10' },
    allowedMentions: { parse: [] },
  });
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  await ready;
});
afterAll(async () => {
  await client.destroy();
  await discord.close();
});
beforeEach(() => {
  mayAsk = true;
  lookUp = createLookUp({ client, elapsed: () => time, mayAsk: () => mayAsk });
});

test('forty looks into a channel that is closed to the bot make one refusal, and one more minutes later', async () => {
  const reply = await replied();
  const reopen = discord.faults.revokePermissions(Permission.ViewChannel, discord.channel);
  expect(await refusals(reply, 40)).toBe(1);
  expect(await refusals({ ...reply, message: placed('1') }, 40)).toBe(0);
  time += 6 * MINUTE_MS;
  expect(await refusals(reply, 40)).toBe(1);
  reopen();
  time += 6 * MINUTE_MS;
  expect(await look(reply)).toEqual([]);
});

test('forty looks at once at one image are one request', async () => {
  const reply = await replied();
  const before = discord.requests.length;
  await Promise.all(Array.from({ length: 40 }, () => look(reply)));
  expect(discord.requests.length - before).toBe(1);
});

test('a message that is gone closes nothing but itself', async () => {
  const gone = { ...(await replied()), message: placed('1') };
  expect(await refusals(gone, 40)).toBe(1);
  expect(await look(await replied())).toEqual([]);
});

test('nothing is looked up where the bot is no member', async () => {
  const guildId = '99';
  const stranger = generationRow({
    guildId,
    channelId: '98',
    message: { id: '1', channelId: '98' },
    named: true,
    lasting: false,
  });
  expect(await refusals(stranger, 40)).toBe(0);
  expect(await refusals({ ...stranger, guildId: null }, 40)).toBe(0);
});

test('nothing is looked up where too many answers were invalid', async () => {
  mayAsk = false;
  const reply = await replied();
  const before = discord.requests.length;
  expect(await look(reply)).toBeNull();
  expect(discord.requests.length).toBe(before);
});

test('a block at the edge is told, and asked about again after some seconds', async () => {
  const reply = await replied();
  discord.faults.rest({ method: 'GET', status: 403, code: 40333 });
  await expect(look(reply)).rejects.toMatchObject({ status: 403 });
  expect(await look(reply)).toBeNull();
  time += MINUTE_MS;
  expect(await look(reply)).toEqual([]);
});

function look(generation: Generation) {
  return lookUp(generation, AbortSignal.timeout(10_000));
}

/** How many answers of 403 and 404 as many looks, one after the other, make. */
async function refusals(generation: Generation, times: number): Promise<number> {
  const before = discord.requests.length;
  for (let left = times; left > 0; left -= 1) expect(await look(generation)).toBeNull();
  return discord.requests.slice(before).filter(({ status }) => status === 403 || status === 404).length;
}

function placed(id: string) {
  return { id, channelId: discord.channel.id };
}

async function replied(): Promise<Generation> {
  const channel = (await client.channels.fetch(discord.channel.id)) as TextChannel;
  const { id } = await channel.send('done');
  return generationRow({ guildId: channel.guildId, channelId: channel.id, message: placed(id) });
}
