import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentFor } from '../../sandbox/bot.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  until,
} from '../support/bot-on-sandbox.ts';
import { stored } from '../support/generations.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 5 } });
});
afterAll(() => on.close());

test('SIGTERM during work ends the bot within 5 seconds, after it says that the image continues later, and it does', async () => {
  const interaction = imagine('a patient fox');
  await reply(interaction, /%/);
  // If the bot weren't done by then, it would exit with 1 by itself.
  expect(await on.bot().stop('SIGTERM')).toBe(0);
  await reply(interaction, /The bot is restarting.*the image will appear here/);

  await on.start();
  await image(interaction);
  expect(createsOf(on.jimmyAi, 'a patient fox')).toHaveLength(1);
});

test.each([4004, 4014])(
  'when Discord ends the gateway connection for good (%i), the process ends with 1, and the next one continues',
  async (code) => {
    const bot = on.bot();
    const interaction = imagine(`a fox before ${code}`);
    await until(() => bot.log.some(({ msg }) => msg === 'the service accepted the task'));
    on.discord.faults.dropGateway({ resumable: false, code });
    expect(await bot.ended).toBe(1);
    await reply(interaction, /The bot is restarting/);
    await on.start();
    await image(interaction);
  },
);

test('after kill -9 in the middle of the create it is never sent again, the reply says that nobody knows, and a task that ran is delivered', async () => {
  on.jimmyAi.misbehave({ kind: 'hang', at: 'create', created: true }, { when: isOf('an uncertain fox') });
  const uncertain = imagine('an uncertain fox');
  await until(() => createsOf(on.jimmyAi, 'an uncertain fox').length === 1);
  const running = imagine('a surviving fox');
  // The log tells of it a moment before it is on disk.
  await until(() => stored(on.databasePath, 'a surviving fox')?.state === 'running');
  await on.bot().stop('SIGKILL');
  await on.start();
  await image(running);
  await reply(uncertain, /may or may not have been charged/);
  for (const prompt of ['a surviving fox', 'an uncertain fox'])
    expect(createsOf(on.jimmyAi, prompt)).toHaveLength(1);
});

test('a command that comes while the bot stops is told to wait, and costs nothing', async () => {
  const bot = on.bot();
  on.jimmyAi.misbehave({ kind: 'hang', at: 'create' });
  await reply(imagine('a hanging fox'), /Sending/);
  await until(() => createsOf(on.jimmyAi, 'a hanging fox').length === 1);
  const ended = bot.stop('SIGTERM');
  await until(() => bot.log.some(({ msg }) => msg === 'stopping'));
  await reply(imagine('a late fox'), /The bot is restarting right now/);
  await ended;
  expect(createsOf(on.jimmyAi, 'a late fox')).toEqual([]);
});

test('ending `npm start` ends the bot, too, though the shell between them passes no signal on', async () => {
  const npm = spawn('npm', ['start'], {
    env: { ...environmentFor(on.discord, on.jimmyAi, on.databasePath), PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = text(npm.stdout);
  await on.discord.ready();
  npm.kill('SIGTERM');
  expect(await output).toMatch(/"(npm was ended; )?stopping"/);
});

test('Ctrl+C, which reaches npm, its shell and the bot at once, is one signal', async () => {
  const npm = spawn('npm', ['start'], {
    env: { ...environmentFor(on.discord, on.jimmyAi, on.databasePath), PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const output = text(npm.stdout);
  await on.discord.ready();
  const interaction = imagine('a fox');
  // The service has the task: what is being sent has words of its own.
  await reply(interaction, /expected|%/);
  process.kill(-(npm.pid ?? 0), 'SIGINT');
  await reply(interaction, /The bot is restarting/);
  expect(await output).not.toMatch(/leaving at once|npm was ended/);
});

test('a second signal leaves at once', async () => {
  const bot = await on.start();
  on.jimmyAi.misbehave({ kind: 'hang', at: 'create' });
  imagine('another hanging fox');
  await until(() => createsOf(on.jimmyAi, 'another hanging fox').length === 1);
  bot.process.kill('SIGTERM');
  await until(() => bot.log.some(({ msg }) => msg === 'stopping'));
  expect(await bot.stop('SIGINT')).toBe(1);
});

function isOf(prompt: string) {
  return (request: { prompt: string }) => request.prompt === prompt;
}

function imagine(prompt: string) {
  return on.discord.interact.command({ name: 'imagine', options: { prompt, model: 'nano-banana-pro' } });
}
