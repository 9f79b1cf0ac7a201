import type { REST } from 'discord.js';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { countInvalidAnswers } from '../../../src/services/discord/invalid-answers.ts';
import { DiscordRest } from '../../../src/services/discord/rest.ts';
import { type TokenWatch, watchToken } from '../../../src/services/discord/token-watch.ts';

const WHO_AM_I = '/users/@me';

let discord: Discord;
let rest: REST;
let watch: TokenWatch;
let lines: string[];
let refused: PromiseWithResolvers<void>;
beforeEach(async () => {
  lines = [];
  refused = Promise.withResolvers();
  discord = await startDiscord();
  const log = pino({}, { write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg) });
  rest = new DiscordRest(
    { api: discord.apiUrl, version: '10' },
    { log, invalid: countInvalidAnswers({ log, elapsed: () => performance.now() }) },
  );
  rest.setToken(discord.token);
  watch = watchToken({ rest, log, refused: refused.resolve, pausesMs: [1, 1, 1, 1] });
  watch.begin();
});
afterEach(async () => {
  watch.stop();
  rest.clearHandlerSweeper();
  rest.clearHashSweeper();
  await discord.close();
});

test('a 401 that passes is doubted until Discord takes the token again', async () => {
  discord.faults.rest({ route: WHO_AM_I, status: 401, times: 2 });
  await expect(rest.get(WHO_AM_I)).rejects.toThrow();
  expect(watch.isDoubted).toBe(true);
  await expect.poll(() => watch.isDoubted).toBe(false);
  expect(lines).toEqual([
    'Discord refused the token of the bot (HTTP 401); the bot asks again',
    'Discord accepts the token of the bot again',
  ]);
});

test('a token that Discord goes on refusing ends the bot, with one line on what to do', async () => {
  discord.faults.rest({ route: WHO_AM_I, status: 401, times: 5 });
  await expect(rest.get(WHO_AM_I)).rejects.toThrow();
  await refused.promise;
  expect(watch.isDoubted).toBe(true);
  expect(lines.at(-1)).toMatch(/^Discord no longer accepts DISCORD_TOKEN; copy it again/);
});

test('that Discord is out of reach says nothing about the token', async () => {
  discord.faults.rest({ route: WHO_AM_I, status: 401 });
  await expect(rest.get(WHO_AM_I)).rejects.toThrow();
  discord.faults.rest({ route: WHO_AM_I, status: 503, times: 8 });
  await expect.poll(() => watch.isDoubted).toBe(false);
});
