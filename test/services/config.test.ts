import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/services/config.ts';

const required = { DISCORD_TOKEN: 'a.b.c', JIMMYAI_API_KEY: 'key' };

test('two values are enough to start', () => {
  expect(loadConfig(required)).toMatchObject({
    discordToken: 'a.b.c',
    jimmyAiApiKey: 'key',
    jimmyAiBaseUrl: 'https://www.jimmyai.cn',
    discordApiUrl: 'https://discord.com/api',
    discordGuildId: null,
    databasePath: './data/imagine.sqlite',
    logLevel: 'info',
    taskDeadlineMs: 1_800_000,
    defaultModel: 'gpt-image-2',
  });
});

test('an empty value counts as not set', () => {
  expect(loadConfig({ ...required, DISCORD_GUILD_ID: '', TASK_DEADLINE_SECONDS: ' ' })).toMatchObject({
    discordGuildId: null,
    taskDeadlineMs: 1_800_000,
  });
});

test('a trailing slash of an address does not matter', () => {
  const config = loadConfig({
    ...required,
    DISCORD_API_URL: 'http://127.0.0.1:1/api/',
    JIMMYAI_BASE_URL: 'http://127.0.0.1:2/',
  });
  expect(config.discordApiUrl).toBe('http://127.0.0.1:1/api');
  expect(config.jimmyAiBaseUrl).toBe('http://127.0.0.1:2');
});

test('every missing value is named at once, with the way to get it', () => {
  expect(problemsOf({})).toEqual([
    expect.stringMatching(/^DISCORD_TOKEN is missing: .*discord\.com\/developers/),
    expect.stringMatching(/^JIMMYAI_API_KEY is missing: .*JimmyAI account/),
  ]);
});

test.each([
  ['JIMMYAI_API_KEY', 'two words', 'must not contain spaces or line breaks'],
  ['JIMMYAI_BASE_URL', 'www.jimmyai.cn', 'must be an http(s) address'],
  ['DISCORD_API_URL', 'ftp://discord.com', 'must be an http(s) address'],
  ['DISCORD_GUILD_ID', 'my server', 'must be a server id: 17 to 20 digits'],
  ['LOG_LEVEL', 'loud', 'must be one of trace, debug, info, warn, error, fatal, silent'],
  ['TASK_DEADLINE_SECONDS', 'soon', 'must be a number of seconds'],
  ['TASK_DEADLINE_SECONDS', '0', 'must be more than 0 seconds'],
  ['DEFAULT_MODEL', 'dall-e', 'must be one of gpt-image-2, nano-banana, nano-banana-2, nano-banana-pro'],
])('%s=%s is answered with one readable line', (name, value, problem) => {
  expect(problemsOf({ ...required, [name]: value })).toEqual([`${name} ${problem}`]);
});

test('the shortest pause between two queries can not be above the longest', () => {
  const problems = problemsOf({ ...required, POLL_MIN_SECONDS: '9', POLL_MAX_SECONDS: '3' });
  expect(problems).toEqual(['POLL_MIN_SECONDS must not be larger than POLL_MAX_SECONDS']);
});

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('the configuration was accepted');
}
