import { PermissionFlagsBits } from 'discord.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { environmentFor, startBot } from '../../sandbox/bot.ts';
import type { Channel, Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  until,
} from '../support/bot-on-sandbox.ts';
import { changed } from '../support/buttons.ts';
import { finishImages, imagine, imagineUnderWay } from '../support/generations.ts';
import { serversOnShards } from '../support/servers-on-shards.ts';

const SHARDS = 3;
const LONGER_THAN_THE_SERVICE_KEEPS_MS = 4 * 24 * 60 * 60_000;

let on: BotOnSandbox;

describe('a bot with three shards', () => {
  let channels: readonly [Channel, Channel, Channel];
  beforeAll(async () => {
    on = await sharded();
    channels = servers();
    await on.start();
  });
  afterAll(() => on.close());

  test('every server and direct messages are served, each by its own shard', async () => {
    const places = [...channels, on.discord.dm(on.discord.people.bob)];
    expect(ready()).toMatchObject({ shards: SHARDS });
    const interactions = places.map((channel, place) =>
      imagine(on, `fox ${place}`, { channel, user: on.discord.people.bob }),
    );
    await until(() => on.jimmyAi.tasks.length === places.length);
    await finishImages(on);
    await Promise.all(interactions.map(image));
  });

  test('a dropped shard resumes, requests meanwhile are served, and the other shards continue', async () => {
    const before = await Promise.all(channels.map((channel, id) => underWay(`fox before ${id}`, channel)));
    const sessions = sessionsFromNow();
    on.discord.faults.dropGateway({ shard: 1 });
    const meanwhile = await Promise.all(
      channels.map((channel, id) => underWay(`fox meanwhile ${id}`, channel)),
    );
    await finishImages(on);
    await Promise.all([...before, ...meanwhile].map(image));
    expect(sessions).toEqual([
      [1, 'disconnected'],
      [1, 'resumed'],
    ]);
    expect(createsOf(on.jimmyAi, 'fox meanwhile 1')).toHaveLength(1);
  });

  test('a shard whose session is lost starts a new one, and the others keep theirs', async () => {
    const sessions = sessionsFromNow();
    on.discord.faults.invalidSession(false, 1);
    await until(() => sessions.some(([, state]) => state === 'ready'));
    expect(new Set(sessions.map(([shard]) => shard))).toEqual(new Set([1]));
    const interaction = await underWay('a fox afterwards', channels[1]);
    await finishImages(on);
    await image(interaction);
  });

  test('if one shard is refused for good while the others work, none is left running', async () => {
    const bot = on.bot();
    on.discord.faults.dropGateway({ shard: 2, resumable: false, code: 4010 });
    expect(await bot.ended).toBe(1);
  });

  function sessionsFromNow(): [number, string][] {
    const sessions: [number, string][] = [];
    onTestFinished(on.discord.on('session', ({ shard, state }) => void sessions.push([shard, state])));
    return sessions;
  }
});

test('a shard that Discord refuses for good ends the process with a reason, and the next one continues with as many as Discord wants; too few SHARDS stop the start with one readable line', async () => {
  await startSharded({ recommended: 2 });
  const bot = await on.start();
  const interaction = await imagineUnderWay(on, 'a growing fox');
  on.discord.faults.requireShards(SHARDS);
  expect(await bot.ended).toBe(1);
  await reply(interaction, /The bot is restarting/);
  expect(bot.log.find(({ level }) => level === 'fatal')?.msg).toMatch(
    /^Discord refuses shard \d of the gateway connection \(4011\): .*set SHARDS=auto\. Stopping\.$/,
  );
  const next = await on.start();
  expect(ready()).toMatchObject({ shards: SHARDS });
  await finishImages(on);
  await image(interaction);

  await next.stop();
  expect(await endingWith({ SHARDS: '2' })).toEqual([
    expect.stringMatching(/^The bot cannot start: Discord refuses shard \d .*\(4011\).*set SHARDS=auto\.$/),
  ]);
});

test('one shard that is refused while another waits for its turn stops the start at once', async () => {
  await startSharded({ maxConcurrency: 1, identifyPauseMs: 5000 });
  const unsubscribe = on.discord.on('session', ({ shard, state }) => {
    if (state === 'ready') on.discord.faults.dropGateway({ shard, resumable: false, code: 4014 });
  });
  expect(await endingWith({})).toEqual([
    expect.stringMatching(
      /^The bot cannot start: Discord refuses shard 0 .*\(4014\): .*intents.*; update the bot\.$/,
    ),
  ]);
  unsubscribe();
});

describe('a process with some of the shards, after another one with shard 0', () => {
  let channels: readonly [Channel, Channel, Channel];
  let hidden: Message;
  let changesHands: Interaction;
  let withoutReply: Interaction;
  beforeAll(async () => {
    on = await sharded();
    channels = servers();
    const [first] = channels;
    await on.start({ SHARDS: '0 of 3' });
    const reveal = on.discord.faults.revokePermissions(PermissionFlagsBits.ViewChannel, first);
    const made = await underWay('a fox in a hidden channel', first);
    await finishImages(on);
    hidden = await image(made);
    reveal();
    changesHands = await underWay('a fox that changes hands', first);
    withoutReply = await underWay('a fox without its reply', first);
    await on.bot().stop('SIGKILL');
    on.discord.faults.expireToken(withoutReply);
    on.discord.faults.deleteMessage(await reply(withoutReply, /./));
    await on.start({ SHARDS: '1-2 of 3' });
    on.discord.faults.expireToken(changesHands);
  });
  afterAll(() => on.close());

  test('serves their servers and leaves the others to other processes', async () => {
    const [foreign, own] = channels;
    expect(ready()).toMatchObject({ shards: 2 });
    const ignored = imagine(on, 'a fox of another process', { channel: foreign });
    const interaction = await underWay('a fox of this one', own);
    await finishImages(on);
    await image(interaction);
    expect(ignored.history).toEqual([]);
  });

  test('edits a reply in a server of another process’s shard, and writes nothing beside it', async () => {
    await image(changesHands);
  });

  test('sends a result whose reply is gone to the channel, also in a server of another process’s shard', async () => {
    const message = await on.besides(/a fox without its reply/);
    expect(message).toMatchObject({ channel_id: channels[0].id, attachments: [expect.anything()] });
  });

  test('finds an image whose reply the bot can see by now in a server of another process’s shard', async () => {
    await on.advance(LONGER_THAN_THE_SERVICE_KEEPS_MS);
    const search = { search: 'hidden' };
    const history = on.discord.interact.command({ name: 'history', options: search, channel: channels[1] });
    const sheet = await reply(history, /a fox in a hidden channel/);
    const page = await changed(on, sheet, '1', /a fox in a hidden channel/);
    expect(page.embeds[0]?.image?.url).toContain(hidden.attachments[0]?.filename);
  });
});

async function startSharded(sharding?: object): Promise<void> {
  on = await sharded(sharding);
  onTestFinished(() => on.close());
}

function sharded(sharding: object = {}): Promise<BotOnSandbox> {
  return startBotOnSandbox({
    jimmyAi: { speed: 1 },
    sharding: { recommended: SHARDS, maxConcurrency: 16, ...sharding },
    started: false,
  });
}

function servers(): readonly [Channel, Channel, Channel] {
  return serversOnShards(on.discord, SHARDS) as [Channel, Channel, Channel];
}

function underWay(prompt: string, channel: Channel): Promise<Interaction> {
  return imagineUnderWay(on, prompt, { channel });
}

function ready() {
  return on.bot().log.find(({ msg }) => msg.includes('is ready with'));
}

async function endingWith(env: Record<string, string>): Promise<readonly string[]> {
  const bot = startBot({ env: { ...environmentFor(on.discord, on.jimmyAi, on.databasePath), ...env } });
  expect(await bot.ended).toBe(1);
  return bot.errors;
}
