import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
  const said: string[] = [];
  const log = pino({}, { write: (line: string) => void said.push(JSON.parse(line).msg) });
  const client = createDiscordClient({
    apiUrl: discord.apiUrl,
    shards: 'auto',
    log,
    invalid: countInvalidAnswers({ log, elapsed: () => performance.now() }),
  });
  await logIn(client, discord.token, log);
  const ready = await connect(client, discord.token);
  discord.faults.rest({ route: COMMANDS, method: 'PUT', status: 403, code: 40333, times: 3 });
  const payloads = [...handlers.commands, ...handlers.menus].map(({ payload }) => payload);
  const stopping = new AbortController();
  const options = { client: ready, payloads, guildId: null, log, signal: stopping.signal, pausesMs: [1] };
  expect(await keepRegistered(options)).toBe('NOT registered yet');
  await until(() => said.includes('the commands are registered now'));
  expect(discord.commands()).toHaveLength(payloads.length);
  expect(said).toEqual([
    'the commands could not be registered, and the bot goes on trying',
    'the commands are registered now',
  ]);
  stopping.abort();
  await disconnect(client);
});
