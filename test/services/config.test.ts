import { describe, expect, test } from 'vitest';
import { type Config, ConfigError, loadConfig, loadDatabasePath } from '../../src/services/config.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import { TOOLS } from '../../src/services/request/tools.ts';

const COSTS_EXAMPLE = 'write it like {"gpt-image-2":0.05,"gpt-image-2/4k/high":0.5}';

const NO_POSTGRES = 'must be a PostgreSQL address: postgres://user:password@host:5432/database';

const required = { DISCORD_TOKEN: 'a.b.c', JIMMYAI_API_KEY: 'key' };

test('two values are enough to start', () => {
  expect(loadConfig(required)).toMatchObject({
    discordToken: 'a.b.c',
    imageApi: { kind: 'jimmyai', apiKey: 'key', baseUrl: 'https://www.jimmyai.cn' },
    discordApiUrl: 'https://discord.com/api',
    discordGuildId: null,
    shards: 'auto',
    databasePath: './data/imagine.sqlite',
    databaseUrl: null,
    secrets: ['a.b.c', 'key'],
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

test.each([
  ['in straight quotes', '"a.b.c"'],
  ['in single quotes', "'a.b.c'"],
  ['in typographic quotes', '“a.b.c”'],
  ['in German quotes', '„a.b.c“'],
  ['in French quotes, with their spaces', '« a.b.c »'],
  ['in quotes of which one is wrong', '”a.b.c"'],
  ['with spaces and line ends around it', ' a.b.c\r\n'],
  ['with what cannot be seen around it', '\u200ba.b.c\ufeff'],
  ['after the word of its header', 'Bot a.b.c'],
  ['with a comment behind it', 'a.b.c  # from the portal'],
  ['with a zero-width space in it', 'a.\u200bb.c'],
  ['with a soft hyphen in it', 'a.b\u00ad.c'],
  ['with no-break spaces around it', '\u00a0a.b.c\u00a0'],
  ['in letters of full width', 'ａ．b.c'],
])('a token %s is the token', (_, written) => {
  expect(loadConfig({ ...required, DISCORD_TOKEN: written }).discordToken).toBe('a.b.c');
});

test.each([
  ['a space', 'a. b.c', 'U+0020 at place 3'],
  ['a no-break space', 'a.b.\u00a0c', 'U+00A0 at place 5'],
  ['a Cyrillic letter', 'а.b.c', 'U+0430 at place 1'],
])('%s in a token is named by its number and place, and the token is not', (_, token, where) => {
  const load = () => loadConfig({ ...required, DISCORD_TOKEN: token });
  expect(load).toThrow(/^DISCORD_TOKEN must not contain/);
  expect(load).toThrow(`; it has ${where}`);
  expect(load).not.toThrow(token);
});

test.each([
  ['USER_PER_DAY', '５０', 50, (config: Config) => config.limits.person.perDay],
  ['USER_PER_DAY', '\u00a05\u200b0\u00a0', 50, (config: Config) => config.limits.person.perDay],
  ['HTTP_PORT', '８０８０', 8080, (config: Config) => config.http?.port],
  [
    'DISCORD_GUILD_ID',
    '１23456789012345678',
    '123456789012345678',
    (config: Config) => config.discordGuildId,
  ],
  [
    'DISCORD_API_URL',
    'https：//x.test/\u200bapi\r',
    'https://x.test/api',
    (config: Config) => config.discordApiUrl,
  ],
  ['LOG_LEVEL', 'ｄebug', 'debug', (config: Config) => config.logLevel],
  ['DATABASE_PATH', './图（一）.sqlite', './图（一）.sqlite', (config: Config) => config.databasePath],
  [
    'DATABASE_PATH',
    './\u200bdata/a.sqlite\u00a0',
    './data/a.sqlite',
    (config: Config) => config.databasePath,
  ],
])('%s=%s means %s', (name, written, meant, read) => {
  expect(read(loadConfig({ ...required, [name]: written }))).toBe(meant);
});

test.each(['٥', '五', '5 000', '−5', '5；'])('USER_PER_DAY=%s is refused by its name', (written) => {
  expect(() => loadConfig({ ...required, USER_PER_DAY: written })).toThrow(/^USER_PER_DAY must be a number/);
});

test('a proxy is taken as it is meant, too', () => {
  const { proxyFor } = loadConfig({ ...required, '\ufeffHTTPS_PROXY': '“http：//10.0.0.1:３128”' });
  expect(proxyFor?.({ protocol: 'https:', hostname: 'discord.com', port: 443 })?.host).toBe('10.0.0.1:3128');
});

test('a byte order mark before the first name, as Docker and systemd leave it there, does not matter', () => {
  const { DISCORD_TOKEN, ...others } = required;
  expect(loadConfig({ ...others, '\ufeffDISCORD_TOKEN': DISCORD_TOKEN }).discordToken).toBe('a.b.c');
});

test('the tools find the ledger where the bot does', () => {
  const env = { DATABASE_PATH: '“./my ledger.sqlite”' };
  expect(loadDatabasePath(env, '')).toBe('./my ledger.sqlite');
  expect(loadConfig({ ...required, ...env }).databasePath).toBe('./my ledger.sqlite');
});

test('a proxy that cannot be used is named beside everything else', () => {
  const load = () => loadConfig({ JIMMYAI_API_KEY: 'key', ALL_PROXY: 'socks5://10.0.0.1:1080' });
  expect(load).toThrow(/^DISCORD_TOKEN is missing: .*\nALL_PROXY names a SOCKS proxy/);
});

test('the HTTP port is closed unless one is named, and then open to this machine alone', () => {
  expect(loadConfig(required).http).toBeNull();
  expect(loadConfig({ ...required, HTTP_PORT: '0' }).http).toBeNull();
  expect(loadConfig({ ...required, HTTP_PORT: '9090' }).http).toEqual({ host: '127.0.0.1', port: 9090 });
});

test('the requests a second that Discord allows are all of this process unless it has a share of them', () => {
  const perSecond = (text: string) =>
    loadConfig({ ...required, DISCORD_REST_PER_SECOND: text }).restPerSecond;
  expect(loadConfig(required).restPerSecond).toBe(50);
  expect(perSecond('25')).toBe(25);
  expect(perSecond('0')).toBe(Number.POSITIVE_INFINITY);
});

test('a trailing slash of an address does not matter', () => {
  const config = loadConfig({
    ...required,
    DISCORD_API_URL: 'http://127.0.0.1:1/api/',
    JIMMYAI_BASE_URL: 'http://127.0.0.1:2/',
  });
  expect(config.discordApiUrl).toBe('http://127.0.0.1:1/api');
  expect(config.imageApi.baseUrl).toBe('http://127.0.0.1:2');
});

test('every missing value is named at once, with the way to get it', () => {
  expect(problemsOf({})).toEqual([
    expect.stringMatching(/^DISCORD_TOKEN is missing: .*discord\.com\/developers/),
    expect.stringMatching(/^JIMMYAI_API_KEY is missing: .*JimmyAI account/),
  ]);
});

test.each([
  [
    'JIMMYAI_API_KEY',
    'two words',
    'must not contain spaces, line breaks or letters of other alphabets; it has U+0020 at place 4',
  ],
  ['JIMMYAI_BASE_URL', 'www.jimmyai.cn', 'must be an http(s) address'],
  ['DISCORD_API_URL', 'ftp://discord.com', 'must be an http(s) address'],
  ['DATABASE_URL', 'mysql://host/db', NO_POSTGRES],
  ['DATABASE_URL', 'imagine.sqlite', NO_POSTGRES],
  ['DATABASE_URL', 'postgres://me:100%@host/db', 'must have each % of its password written as %25'],
  ['DISCORD_GUILD_ID', 'my server', 'must be a server id: 17 to 20 digits'],
  ['LOG_LEVEL', 'loud', 'must be one of trace, debug, info, warn, error, fatal, silent'],
  ['TASK_DEADLINE_SECONDS', 'soon', 'must be a number of seconds'],
  ['TASK_DEADLINE_SECONDS', '0', 'must be more than 0 seconds'],
  ['USER_RUNNING', 'many', 'must be a number of requests'],
  ['USER_WAITING', '1.5', 'must be a whole number of requests'],
  ['SERVER_PER_DAY', '-1', 'must not be negative'],
  ['COST_TABLE', '{', `must be one JSON object of names and coins: ${COSTS_EXAMPLE}`],
  ['COST_TABLE', '[5]', `must be one JSON object of names and coins: ${COSTS_EXAMPLE}`],
  ['COST_TABLE', '{"gpt-image-2":"five"}', `must be one JSON object of names and coins: ${COSTS_EXAMPLE}`],
  ['COST_TABLE', '{"gpt-image-2":-5}', `must be one JSON object of names and coins: ${COSTS_EXAMPLE}`],
  ['DISCORD_REST_PER_SECOND', '12.5', 'must be a whole number of requests'],
  ['SHARDS', '2,3', 'must include the total number of shards, as in 2,3 of 4'],
  ['BALANCE_WARNING', '-5', 'must be more than 0 coins'],
  ['HTTP_PORT', '99999', 'must be at most 65535'],
  [
    'MODELS',
    'nano-banana,dall-e',
    `names dall-e, which is not a model: list some of ${MODEL_IDS.join(', ')}`,
  ],
  ['TOOLS', 'upscale,paint', `names paint, which is no tool: list some of ${TOOLS.join(', ')}, or say none`],
  ['MODELS', ' , ', `names no model: list some of ${MODEL_IDS.join(', ')}`],
  ['DEFAULT_MODEL', 'dall-e', `must be one of ${MODEL_IDS.join(', ')}`],
])('%s=%s is answered with one readable line', (name, value, problem) => {
  expect(problemsOf({ ...required, [name]: value })).toEqual([`${name} ${problem}`]);
});

test('people have limits unless the host sets them otherwise; servers and the whole have none', () => {
  expect(loadConfig(required)).toMatchObject({
    limits: {
      person: { running: 3, waiting: 10, perDay: null },
      server: { running: null, waiting: null, perDay: null },
      overall: { tasks: null, perDay: null },
    },
    costs: null,
  });
  expect(loadConfig(required).limits.unit).toBe('images');
});

test('a limit of 0 is none', () => {
  const none = { USER_RUNNING: '0', USER_WAITING: '0', USER_PER_DAY: '0', SERVICE_TASKS: '0' };
  expect(loadConfig({ ...required, ...none }).limits).toMatchObject({
    person: { running: null, waiting: null, perDay: null },
    overall: { tasks: null },
  });
});

test('prices are taken at every level that a request has', () => {
  const costs = {
    'gpt-image-2': 0.05,
    'gpt-image-2/4k': 0.205,
    'gpt-image-2/4k/high': 0.6,
    'nano-banana/1k': 0,
  };
  expect(loadConfig({ ...required, COST_TABLE: JSON.stringify(costs) }).costs).toEqual(costs);
});

test('limits per day count images, or coins with their fractions where those have prices or are asked for', () => {
  const prices = { COST_TABLE: '{"gpt-image-2":0.05}' };
  const perDay = { USER_PER_DAY: '2.5', TOTAL_PER_DAY: '0.5', SERVER_PER_DAY: '10' };
  const unitOf = (env: Record<string, string>) => loadConfig({ ...required, ...env }).limits.unit;
  expect(unitOf({})).toBe('images');
  expect(unitOf(prices)).toBe('coins');
  expect(unitOf({ ...prices, LIMIT_UNIT: 'images' })).toBe('images');
  expect(loadConfig({ ...required, ...perDay, LIMIT_UNIT: 'coins' }).limits).toMatchObject({
    person: { perDay: 2.5 },
    server: { perDay: 10 },
    overall: { perDay: 0.5 },
    unit: 'coins',
  });
  expect(problemsOf({ ...required, ...perDay })).toEqual([
    'USER_PER_DAY must be a whole number of images',
    'TOTAL_PER_DAY must be a whole number of images',
  ]);
  expect(problemsOf({ ...required, LIMIT_UNIT: 'euros' })).toEqual(['LIMIT_UNIT must be images or coins']);
});

test('a table of prices may lack models, and name what this version does not have', () => {
  const costs = { 'gpt-image-2': 0.05, 'gpt-image-2/8k': 1, 'gpt-image-1/1k/high': 2 };
  expect(loadConfig({ ...required, COST_TABLE: JSON.stringify(costs) }).costs).toEqual(costs);
});

test('MODELS narrows what is offered, in its order, and the default with it', () => {
  const models = (env: Record<string, string>) => {
    const { models, defaultModel } = loadConfig({ ...required, ...env });
    return [defaultModel, models];
  };
  expect(models({})).toEqual(['gpt-image-2', MODEL_IDS]);
  const MODELS = ' nano-banana-pro, gpt-image-1.5,nano-banana-pro,';
  expect(models({ MODELS })).toEqual(['nano-banana-pro', ['nano-banana-pro', 'gpt-image-1.5']]);
  const DEFAULT_MODEL = 'gpt-image-1.5';
  expect(models({ MODELS, DEFAULT_MODEL })).toEqual([DEFAULT_MODEL, ['nano-banana-pro', DEFAULT_MODEL]]);
});

test('the default model has to be among those that are offered', () => {
  const env = { ...required, MODELS: 'nano-banana,nano-banana-2', DEFAULT_MODEL: 'gpt-image-2' };
  expect(problemsOf(env)).toEqual([
    'DEFAULT_MODEL must be one of nano-banana, nano-banana-2, which MODELS offers',
  ]);
});

describe('IMAGE_API=openai', () => {
  const openAi = {
    DISCORD_TOKEN: 'a.b.c',
    IMAGE_API: 'openai',
    OPENAI_API_KEY: 'sk-key',
    OPENAI_MODELS: 'gpt-image-2, openai/gpt-image-1.5,flux-dev',
  };

  test('needs no key of JimmyAI, and offers the models that are named', () => {
    expect(loadConfig(openAi)).toMatchObject({
      imageApi: { kind: 'openai', baseUrl: 'https://api.openai.com/v1', apiKey: 'sk-key' },
      models: ['gpt-image-2', 'openai/gpt-image-1.5', 'flux-dev'],
      defaultModel: 'gpt-image-2',
    });
    const hosted = { ...openAi, OPENAI_API_KEY: '', OPENAI_BASE_URL: 'http://10.0.0.2:8080/v1/' };
    expect(loadConfig(hosted).imageApi).toEqual({
      kind: 'openai',
      baseUrl: 'http://10.0.0.2:8080/v1',
      apiKey: null,
      earlier: null,
    });
  });

  test('may stand beside what the other API needs, and the other way round', () => {
    const both = { ...required, ...openAi, MODELS: 'nano-banana', JIMMYAI_BASE_URL: 'x' };
    expect(loadConfig(both)).toMatchObject({
      models: ['gpt-image-2', 'openai/gpt-image-1.5', 'flux-dev'],
      imageApi: { earlier: { apiKey: 'key', baseUrl: 'https://www.jimmyai.cn' } },
    });
    expect(loadConfig({ ...both, JIMMYAI_BASE_URL: '', IMAGE_API: '' }).models).toEqual(['nano-banana']);
  });

  test('says at once what is missing', () => {
    expect(problemsOf({ IMAGE_API: 'openai' })).toEqual([
      expect.stringMatching(/^DISCORD_TOKEN is missing/),
      expect.stringMatching(/^OPENAI_MODELS is missing: list the models/),
    ]);
    expect(problemsOf({ ...openAi, OPENAI_API_KEY: '' })).toEqual([
      expect.stringMatching(/^OPENAI_API_KEY is missing: create a key/),
    ]);
  });

  test.each([
    ['IMAGE_API', 'dalle', 'must be one of jimmyai, openai'],
    ['OPENAI_BASE_URL', 'api.openai.com', 'must be an http(s) address'],
    ['OPENAI_MODELS', ' , ', 'names no model: list those to offer, such as gpt-image-2'],
    ['OPENAI_MODELS', 'my model', 'names my model: a name has 1 to 64 letters, digits and . _ : / @ + -'],
    [
      'OPENAI_MODELS',
      Array.from({ length: 26 }, (_, index) => `m${index}`).join(),
      'names 26 models: Discord has room for 25',
    ],
    ['DEFAULT_MODEL', 'nano-banana', 'must be one of gpt-image-2, openai/gpt-image-1.5, flux-dev'],
    ['LIMIT_UNIT', 'coins', 'coins needs COST_TABLE, because such a service reports no prices'],
  ])('%s=%s is answered with one readable line', (name, value, problem) => {
    const jimmyAi = name === 'IMAGE_API' ? required : {};
    expect(problemsOf({ ...openAi, ...jimmyAi, [name]: value })).toEqual([`${name} ${problem}`]);
  });
});

test('the shortest pause between two queries cannot be above the longest', () => {
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

test('the password of a database is no word for a log, however it is written', () => {
  const { databaseUrl, secrets } = loadConfig({
    ...required,
    DATABASE_URL: 'postgresql://me:p%40ss@host/db',
  });
  expect(databaseUrl).toBe('postgresql://me:p%40ss@host/db');
  expect(secrets).toEqual(['a.b.c', 'key', 'p%40ss', 'p@ss']);
});

test('a tool for the SQLite file says what to do where the ledger is elsewhere', () => {
  const env = { DATABASE_URL: 'postgres://host/db', DATABASE_PATH: './imagine.sqlite' };
  expect(() => loadDatabasePath(env, 'back it up with pg_dump')).toThrow(
    'DATABASE_URL is set, so the ledger is in PostgreSQL: back it up with pg_dump.',
  );
});

test('all tools are offered, or those that are named, or none', () => {
  expect(loadConfig(required).tools).toEqual(TOOLS);
  expect(loadConfig({ ...required, TOOLS: ' upscale ' }).tools).toEqual(['upscale']);
  expect(loadConfig({ ...required, TOOLS: 'none' }).tools).toEqual([]);
});
