import { afterEach, beforeEach, expect, test } from 'vitest';
import { environmentFor, startBot } from '../../sandbox/bot.ts';
import { type BotOnSandbox, startBotOnSandbox } from '../support/bot-on-sandbox.ts';

const GLOBAL_COMMANDS = '/applications/{application_id}/commands';
const GUILD_COMMANDS = '/applications/{application_id}/guilds/{guild_id}/commands';

let on: BotOnSandbox;
beforeEach(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 5 }, started: false });
});
afterEach(() => on.close());

test('commands are registered where they differ from what Discord has, and not again', async () => {
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
    'Image details',
  ]);
});

test('with DISCORD_GUILD_ID they are registered in that server alone, and not again either', async () => {
  const env = { DISCORD_GUILD_ID: on.discord.guild.id };
  await (await on.start(env)).stop();
  await on.start(env);
  expect(writes(GUILD_COMMANDS)).toBe(1);
  expect(writes(GLOBAL_COMMANDS)).toBe(0);
  expect(on.discord.commands(on.discord.guild.id)).toHaveLength(9);
});

test('start-up says in one line who the bot is, where it is invited from and how many commands it has', async () => {
  const bot = await on.start();
  const lines = bot.log.filter(({ msg }) => msg.includes('is ready with'));
  expect(lines.map(({ msg }) => msg)).toEqual([
    expect.stringMatching(/^\S+ is ready with 9 commands \(registered\); invite it: http\S+client_id=\d+/),
  ]);
});

test('a second process on the same ledger says so and stops', async () => {
  await on.start();
  const second = await ending({
    ...environmentFor(on.discord, on.jimmyAi, on.databasePath),
    LOG_LEVEL: 'info',
  });
  expect(second).toEqual({
    code: 1,
    lines: [expect.stringMatching(/^The bot can not start: Another process uses this ledger/)],
  });
});

test('what is missing is named line by line, without a stack trace', async () => {
  expect(await ending({ DATABASE_PATH: on.databasePath, LOG_LEVEL: 'loud' })).toEqual({
    code: 1,
    lines: [
      'The bot can not start:',
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
    lines: [expect.stringMatching(/^The bot can not start: Discord does not accept DISCORD_TOKEN/)],
  });
});

function writes(route: string): number {
  return on.discord.requests.filter((request) => request.route === route && request.method !== 'GET').length;
}

async function ending(env: Record<string, string>) {
  const bot = startBot({ env });
  return { code: await bot.ended, lines: bot.errors };
}
