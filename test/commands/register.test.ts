import { pino } from 'pino';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Discord, startDiscord } from '../../sandbox/discord/index.ts';
import { createHandlers } from '../../src/commands/index.ts';
import { keepRegistered } from '../../src/commands/register.ts';
import { connect, createDiscordClient, disconnect, logIn } from '../../src/services/discord/client.ts';
import { countInvalidAnswers } from '../../src/services/discord/invalid-answers.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import { until } from '../support/bot-on-sandbox.ts';

const handlers = createHandlers(MODEL_IDS);

const COMMANDS = '/applications/{application_id}/commands';

let discord: Discord;
beforeEach(async () => {
  discord = await startDiscord();
});
afterEach(() => discord.close());

test('commands that could not be registered are registered later, which the log says once each', async () => {
  const { client, said, log } = await connected();
  discord.faults.rest({ route: COMMANDS, method: 'PUT', status: 403, code: 40333, times: 3 });
  const stopping = new AbortController();
  const options = { client, payloads, guildId: null, log, signal: stopping.signal, pausesMs: [1] };
  expect(await keepRegistered(options)).toBe('NOT registered yet');
  await until(() => said.includes('the commands are registered now'));
  expect(discord.commands()).toHaveLength(payloads.length);
  expect(said).toEqual([
    'the commands could not be registered, and the bot goes on trying',
    'the commands are registered now',
  ]);
  stopping.abort();
});

test('commands are registered if they differ from Discord’s list, and not again, in all servers or in one', async () => {
  const { client, log } = await connected();
  const { signal } = new AbortController();
  for (const guildId of [null, discord.guild.id]) {
    const options = { client, payloads, guildId, log, signal };
    expect(await keepRegistered(options)).toBe('registered');
    expect(await keepRegistered(options)).toBe('registered already');
    expect(await keepRegistered({ ...options, payloads: payloads.slice(1) })).toBe('registered');
    expect(discord.commands(guildId ?? undefined)).toHaveLength(payloads.length - 1);
  }
});

const payloads = [...handlers.commands, ...handlers.menus].map(({ payload }) => payload);

/** A client of the sandbox's Discord, and what it logs. */
async function connected() {
  const said: string[] = [];
  const log = pino({}, { write: (line: string) => void said.push(JSON.parse(line).msg) });
  const invalid = countInvalidAnswers({ log, elapsed: () => performance.now() });
  const client = createDiscordClient({ apiUrl: discord.apiUrl, shards: 'auto', log, invalid });
  onTestFinished(() => disconnect(client));
  await logIn(client, discord.token, log);
  return { client: await connect(client, discord.token), said, log };
}
