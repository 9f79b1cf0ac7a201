import { ApplicationIntegrationType, type Client } from 'discord.js';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { createDiscordClient, disconnect, logIn } from '../../../src/services/discord/client.ts';
import { announceExposure, describeExposure } from '../../../src/services/discord/exposure.ts';
import { countInvalidAnswers } from '../../../src/services/discord/invalid-answers.ts';

const application = { id: '1', bot_public: true };

test.each([
  ['an application that has never chosen', {}, 'add this bot to their servers. Set'],
  [
    'one for accounts alone',
    { integration_types_config: { '1': {} } },
    'add this bot to their own account. Set',
  ],
  [
    'one that is in servers and accounts',
    { approximate_guild_count: 1, approximate_user_install_count: 12 },
    '(now in about 1 server and 12 accounts)',
  ],
])('%s is open to strangers, and the line says where', (_, settings, words) => {
  const found = describeExposure({ ...application, ...settings });
  expect(found).toEqual({ isOpen: true, words: expect.stringContaining(words) });
  expect(found.words).toContain('https://discord.com/developers/applications/1/bot');
});

test('a private one is not', () => {
  expect(describeExposure({ ...application, bot_public: false })).toMatchObject({ isOpen: false });
});

test('what Discord says about the installation is told in one line, and nothing is where a limit for everybody is set', async () => {
  const { discord, told } = await announcing();
  const { GuildInstall, UserInstall } = ApplicationIntegrationType;
  expect(await told()).toEqual([
    [
      'warn',
      expect.stringMatching(
        /anybody on Discord can add this bot to their servers and their own account \(now in about 1 server\).* Set TOTAL_PER_DAY in \.env .*Public Bot/,
      ),
    ],
  ]);
  discord.setInstallation({ isPublic: true, contexts: [GuildInstall] });
  expect(await told()).toEqual([['warn', expect.stringMatching(/can add this bot to their servers \(/)]]);
  discord.setInstallation({ isPublic: false, contexts: [GuildInstall, UserInstall] });
  expect(await told()).toEqual([
    ['info', expect.stringMatching(/Only the application's owner can add the bot/)],
  ]);
  expect(await told(100)).toEqual([]);
});

test('if Discord does not say who can add the bot, the line says so', async () => {
  const { discord, told } = await announcing();
  discord.faults.rest({ route: '/applications/@me', status: 403, times: 10 });
  expect(await told()).toEqual([
    ['warn', expect.stringMatching(/could not be found out\. Set TOTAL_PER_DAY/)],
  ]);
});

/** A client on the sandbox's Discord; `told` returns the level and the words of each line. */
async function announcing(): Promise<{
  discord: Discord;
  told: (totalPerDay?: number) => Promise<[string, string][]>;
}> {
  const discord = await startDiscord();
  onTestFinished(() => discord.close());
  const lines: [string, string][] = [];
  const write = (line: string) => {
    const { level, msg } = JSON.parse(line);
    lines.push([pino.levels.labels[level] ?? '', msg]);
  };
  const log = pino({}, { write });
  const invalid = countInvalidAnswers({ log, elapsed: () => performance.now() });
  const client = createDiscordClient({ apiUrl: discord.apiUrl, shards: 'auto', log, invalid });
  onTestFinished(() => disconnect(client));
  await logIn(client, discord.token, log);
  return {
    discord,
    async told(totalPerDay) {
      lines.length = 0;
      await announceExposure(client as Client<true>, totalPerDay ?? null, log);
      return [...lines];
    },
  };
}
