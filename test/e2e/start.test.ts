import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Bot, environmentFor, startBot } from '../../sandbox/bot.ts';
import { type BotOnSandbox, image, startBotOnSandbox, until } from '../support/bot-on-sandbox.ts';
import { imagineUnderWay } from '../support/generations.ts';

const GLOBAL_COMMANDS = '/applications/{application_id}/commands';
const GUILD_COMMANDS = '/applications/{application_id}/guilds/{guild_id}/commands';

let on: BotOnSandbox;
let bot: Bot;

describe('on one ledger', () => {
  beforeAll(async () => {
    on = await startBotOnSandbox({ jimmyAi: { speed: 5 } });
    bot = on.bot();
  });
  afterAll(() => on.close());

  test('the first start registers all commands', () => {
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

  test('start-up says in one line who the bot is, where it is invited from and how many commands it has', () => {
    expect(readyLines(bot)).toEqual([
      expect.stringMatching(/^\S+ is ready with 12 commands \(registered\); invite it: http\S+client_id=\d+/),
    ]);
  });

  test('while no limit for everybody is set, the start says in one line who can make images at the owner’s expense', async () => {
    const lines = () => bot.log.filter(({ msg }) => msg.includes('TOTAL_PER_DAY'));
    await until(() => lines().length > 0);
    expect(lines()).toMatchObject([
      { level: 'warn', msg: expect.stringContaining('Set TOTAL_PER_DAY in .env') },
    ]);
  });

  test('a second process says that another one uses the ledger, and stops', async () => {
    expect(await ending({ ...environment(), LOG_LEVEL: 'info' })).toEqual({
      code: 1,
      lines: [expect.stringMatching(/^The bot cannot start: Another process uses this ledger/)],
    });
  });

  test('images of an earlier process are delivered while the gateway is still out of reach, and no command is registered again', async () => {
    const interaction = await imagineUnderWay(on, 'a fox before the gateway');
    await bot.stop('SIGKILL');
    const restore = on.discord.faults.gateway({ refuseUpgrade: 503 });
    const second = startBot({
      env: { ...environment(), POLL_MIN_SECONDS: '0.1', POLL_MAX_SECONDS: '0.5' },
    });
    onTestFinished(() => void second.stop('SIGKILL'));
    await image(interaction);
    expect(readyLines(second)).toEqual([]);
    restore();
    await until(() => readyLines(second).length > 0);
    expect(readyLines(second)[0]).toContain('(registered already)');
    expect(writes(GLOBAL_COMMANDS)).toBe(1);
    expect(await second.stop()).toBe(0);
  });

  test('with DISCORD_GUILD_ID, commands are registered in that server only, and a tool that is not offered has no menu and no option', async () => {
    const { id } = on.discord.guild;
    await (await on.start({ DISCORD_GUILD_ID: id, TOOLS: 'describe' })).stop();
    expect(writes(GUILD_COMMANDS)).toBe(1);
    expect(writes(GLOBAL_COMMANDS)).toBe(1);
    const [imagine, ...others] = on.discord.commands(id);
    expect(others).toHaveLength(9);
    expect(others.map(({ name }) => name)).toContain('Describe');
    expect(others.map(({ name }) => name)).not.toContain('Upscale');
    expect(imagine?.options?.map(({ name }) => name)).not.toContain('enhance');
  });

  test('commands that Discord does not accept at first keep the bot from nothing', async () => {
    on.discord.faults.rest({ route: GLOBAL_COMMANDS, method: 'PUT', status: 403, code: 40333 });
    const next = await on.start({ TOOLS: 'describe' });
    expect(readyLines(next)).toEqual([expect.stringContaining('(NOT registered yet)')]);
    await image(on.discord.interact.command({ name: 'imagine', options: { prompt: 'a fox meanwhile' } }));
    expect(next.log.filter(({ msg }) => msg.startsWith('the commands could not be registered'))).toHaveLength(
      1,
    );
  });
});

test('missing settings are named line by line, without a stack trace', async () => {
  expect(await ending({ LOG_LEVEL: 'loud' })).toEqual({
    code: 1,
    lines: [
      'The bot cannot start:',
      expect.stringMatching(/^ {2}DISCORD_TOKEN is missing: /),
      expect.stringMatching(/^ {2}JIMMYAI_API_KEY is missing: /),
      expect.stringMatching(/^ {2}LOG_LEVEL must be one of /),
    ],
  });
});

function environment(): Record<string, string> {
  return environmentFor(on.discord, on.jimmyAi, on.databasePath);
}

function readyLines({ log }: Bot): string[] {
  return log.flatMap(({ msg }) => (msg.includes('is ready with') ? msg : []));
}

function writes(route: string): number {
  return on.discord.requests.filter((request) => request.route === route && request.method !== 'GET').length;
}

async function ending(env: Record<string, string>) {
  const bot = startBot({ env });
  return { code: await bot.ended, lines: bot.errors };
}
