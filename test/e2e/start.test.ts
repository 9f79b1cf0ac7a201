import { ApplicationIntegrationType } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { environmentFor, startBot } from '../../sandbox/bot.ts';
import { type BotOnSandbox, image, startBotOnSandbox, until } from '../support/bot-on-sandbox.ts';
import { imagineUnderWay } from '../support/generations.ts';

const GLOBAL_COMMANDS = '/applications/{application_id}/commands';
const GUILD_COMMANDS = '/applications/{application_id}/guilds/{guild_id}/commands';

let on: BotOnSandbox;
beforeEach(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 5 }, started: false });
});
afterEach(() => on.close());

test('commands are registered if they differ from Discord’s list, and not again', async () => {
  await (await on.start()).stop();
  expect(writes(GLOBAL_COMMANDS)).toBe(1);
  await on.start();
  expect(writes(GLOBAL_COMMANDS)).toBe(1);
  expect(on.discord.commands().map(({ name }) => name)).toEqual([
    'imagine',
    'history',
    'jobs',
    'settings',
    'privacy',
    'imagine-admin',
    'balance',
    'Use as reference',
    'Upscale',
    'Remove background',
    'Describe',
    'Image details',
  ]);
});

test('with DISCORD_GUILD_ID they are registered in that server only, and not again either', async () => {
  const env = { DISCORD_GUILD_ID: on.discord.guild.id };
  await (await on.start(env)).stop();
  await on.start(env);
  expect(writes(GUILD_COMMANDS)).toBe(1);
  expect(writes(GLOBAL_COMMANDS)).toBe(0);
  expect(on.discord.commands(on.discord.guild.id)).toHaveLength(12);
});

test('a tool that is not offered has no menu and no option', async () => {
  await (await on.start({ TOOLS: 'describe' })).stop();
  const [imagine, ...others] = on.discord.commands();
  const names = others.map(({ name }) => name);
  expect(names).toContain('Describe');
  expect(names).not.toContain('Upscale');
  expect(imagine?.options?.map(({ name }) => name)).not.toContain('enhance');
});

test('start-up says in one line who the bot is, where it is invited from and how many commands it has', async () => {
  const bot = await on.start();
  const lines = bot.log.filter(({ msg }) => msg.includes('is ready with'));
  expect(lines.map(({ msg }) => msg)).toEqual([
    expect.stringMatching(/^\S+ is ready with 12 commands \(registered\); invite it: http\S+client_id=\d+/),
  ]);
});

test('while no limit for everybody is set, the start says in one line who can make images at the owner’s expense', async () => {
  const saidAtStart = async () => {
    const bot = await on.start();
    await until(() => exposure().length > 0);
    await bot.stop();
  };
  const { GuildInstall, UserInstall } = ApplicationIntegrationType;
  await saidAtStart();
  expect(exposure()).toEqual([
    [
      'warn',
      expect.stringMatching(
        /anybody on Discord can add this bot to their servers and their own account \(now in about 1 server\).* Set TOTAL_PER_DAY in \.env .*Public Bot/,
      ),
    ],
  ]);
  on.discord.setInstallation({ isPublic: true, contexts: [GuildInstall] });
  await saidAtStart();
  expect(exposure()).toEqual([['warn', expect.stringMatching(/can add this bot to their servers \(/)]]);
  on.discord.setInstallation({ isPublic: false, contexts: [GuildInstall, UserInstall] });
  await saidAtStart();
  expect(exposure()).toEqual([
    ['info', expect.stringMatching(/Only the application's owner can add the bot/)],
  ]);
  await (await on.start({ TOTAL_PER_DAY: '100' })).stop();
  expect(exposure()).toEqual([]);
});

test('the bot works even if Discord does not say who can add it', async () => {
  on.discord.faults.rest({ route: '/applications/@me', status: 403, times: 10 });
  const bot = await on.start();
  await until(() => exposure().length > 0);
  expect(exposure()).toEqual([['warn', expect.stringMatching(/could not be found out\. Set TOTAL_PER_DAY/)]]);
  expect(bot.errors).toEqual([]);
});

test('commands that Discord does not accept at first are registered later, and the bot works meanwhile', async () => {
  const refuse = on.discord.faults.rest({ route: GLOBAL_COMMANDS, method: 'PUT', status: 403, code: 40333 });
  const bot = await on.start();
  expect(bot.log.find(({ msg }) => msg.includes('is ready with'))?.msg).toMatch(/\(NOT registered yet\)/);
  refuse();
  expect(bot.log.filter(({ msg }) => msg.startsWith('the commands could not be registered'))).toHaveLength(1);
});

test('images of an earlier process are delivered while the gateway is still out of reach', async () => {
  const first = await on.start();
  const interaction = await imagineUnderWay(on, 'a fox before the gateway');
  await first.stop('SIGKILL');
  on.discord.faults.gateway({ refuseUpgrade: 503 });
  const second = startBot({
    env: {
      ...environmentFor(on.discord, on.jimmyAi, on.databasePath),
      POLL_MIN_SECONDS: '0.1',
      POLL_MAX_SECONDS: '0.5',
    },
  });
  await image(interaction);
  expect(second.log.some(({ msg }) => msg.includes('is ready with'))).toBe(false);
  expect(await second.stop()).toBe(0);
});

test('a second process on the same ledger says so and stops', async () => {
  await on.start();
  const second = await ending({
    ...environmentFor(on.discord, on.jimmyAi, on.databasePath),
    LOG_LEVEL: 'info',
  });
  expect(second).toEqual({
    code: 1,
    lines: [expect.stringMatching(/^The bot cannot start: Another process uses this ledger/)],
  });
});

test('missing settings are named line by line, without a stack trace', async () => {
  expect(await ending({ DATABASE_PATH: on.databasePath, LOG_LEVEL: 'loud' })).toEqual({
    code: 1,
    lines: [
      'The bot cannot start:',
      expect.stringMatching(/^ {2}DISCORD_TOKEN is missing: /),
      expect.stringMatching(/^ {2}JIMMYAI_API_KEY is missing: /),
      expect.stringMatching(/^ {2}LOG_LEVEL must be one of /),
    ],
  });
});

test('a token that Discord refuses is named in one line', async () => {
  expect(
    await ending({ ...environmentFor(on.discord, on.jimmyAi, on.databasePath), DISCORD_TOKEN: 'wrong' }),
  ).toEqual({
    code: 1,
    lines: [expect.stringMatching(/^The bot cannot start: Discord does not accept DISCORD_TOKEN/)],
  });
});

/** The lines of the last start about who can make images. */
function exposure(): [string, string][] {
  return on
    .bot()
    .log.filter(({ msg }) => msg.includes('TOTAL_PER_DAY'))
    .map(({ level, msg }) => [level, msg]);
}

function writes(route: string): number {
  return on.discord.requests.filter((request) => request.route === route && request.method !== 'GET').length;
}

async function ending(env: Record<string, string>) {
  const bot = startBot({ env });
  return { code: await bot.ended, lines: bot.errors };
}
