import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import {
  type ImageApi,
  imageApiKind,
  imageApiOf,
  imageApiProblems,
  imageApiVariables,
  keysOf,
} from './config-image-api.ts';
import { httpUrl, secret } from './config-values.ts';
import { readShards } from './discord/sharding.ts';
import { type ProxyFor, readProxies } from './proxy/proxies.ts';
import { unquoted } from './quotes.ts';
import { type CostTable, costTable } from './request/costs.ts';
import type { HostLimits, Unit } from './request/limits.ts';
import { modelList, offerOf, offerProblems } from './request/offer.ts';
import { COUNT_MAX } from './request/request.ts';
import { toolList } from './request/tool-list.ts';
import { TOOLS } from './request/tools.ts';

export { ConfigError };

export type Config = z.output<ReturnType<typeof environment>> & {
  /** Null when no proxy is used. */
  readonly proxyFor: ProxyFor | null;
};

/**
 * Reads the configuration from environment variables. Throws a {@link ConfigError} that names every problem at once.
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const meant = asMeant(env);
  const given = withoutEmpty(meant);
  const result = environment(imageApiKind(given)).safeParse(given);
  const proxies = proxiesIn(meant);
  if (result.success && 'proxyFor' in proxies) return { ...result.data, ...proxies };
  const issues = result.error?.issues ?? [];
  throw new ConfigError([
    ...issues.map((issue) => {
      const name = issue.path.join('.');
      return name in given ? `${name} ${issue.message}` : `${name} is missing: ${hintFor(name)}`;
    }),
    ...('problems' in proxies ? proxies.problems : []),
  ]);
}

function proxiesIn(
  env: Record<string, string | undefined>,
): Pick<Config, 'proxyFor'> | Pick<ConfigError, 'problems'> {
  try {
    return { proxyFor: readProxies(env) };
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

/**
 * The path of the ledger, for tools that need nothing else. Throws a {@link ConfigError} that says what to do `instead` if
 * the ledger is not in a SQLite file.
 */
export function loadDatabasePath(env: Record<string, string | undefined>, instead: string): string {
  const { DATABASE_PATH, DATABASE_URL } = withoutEmpty(asMeant(env));
  if (DATABASE_URL !== undefined)
    throw new ConfigError([`DATABASE_URL is set, so the ledger is in PostgreSQL: ${instead}.`]);
  return databasePath.parse(DATABASE_PATH);
}

/**
 * The address of the PostgreSQL database, for tools that need nothing else. Throws a {@link ConfigError} if it is missing or
 * malformed.
 */
export function loadDatabaseUrl(env: Record<string, string | undefined>): string {
  const { DATABASE_URL } = withoutEmpty(asMeant(env));
  if (DATABASE_URL === undefined) throw new ConfigError([`DATABASE_URL is missing: it ${DATABASE_URL_FORM}`]);
  const { data, error } = databaseUrl.safeParse(DATABASE_URL);
  if (error) throw new ConfigError(error.issues.map(({ message }) => `DATABASE_URL ${message}`));
  return data;
}

/**
 * Cleans up names and values as editors, Docker or systemd pass them on: removes invisible characters and quotes, and
 * turns an input method's full-width digits and letters into the usual ones. Only a path or a password may contain those.
 */
function asMeant(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([written, value = '']) => {
      const name = unquoted(written);
      return [name, AS_WRITTEN.includes(name) ? unquoted(value) : halfWidth(unquoted(value))];
    }),
  );
}

/** `NAME=` means "not set", as people expect of an empty field in a form. */
function withoutEmpty(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

/** The characters from ！ to ～ have the same order as the usual ones. */
function halfWidth(text: string): string {
  return text.replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - FULL_WIDTH)).trim();
}

const FULL_WIDTH = 0xfee0;
const AS_WRITTEN = ['DATABASE_PATH', 'DATABASE_URL'];

const seconds = (max: number) =>
  z.coerce
    .number('must be a number of seconds')
    .positive('must be more than 0 seconds')
    .max(max, `must be at most ${max} seconds`);
/** 0 means no limit. */
const limit = (what: string) =>
  z.coerce
    .number(`must be a number of ${what}`)
    .int(`must be a whole number of ${what}`)
    .min(0, 'must not be negative')
    .transform((number) => number || null);
/** Coins come in fractions. Whole images are required later, once the unit is known. */
const limitPerDay = z.coerce
  .number('must be a number of images or coins')
  .min(0, 'must not be negative')
  .transform((number) => number || null);
/** docs: topics/rate-limits – "All bots can make up to 50 requests per second to our API." */
const DISCORDS_REST_PER_SECOND = 50;
const databasePath = z.string().default('./data/imagine.sqlite');
const DATABASE_URL_FORM = 'must be a PostgreSQL address: postgres://user:password@host:5432/database';
const databaseUrl = z
  .url({ protocol: /^postgres(?:ql)?$/, error: DATABASE_URL_FORM })
  .refine(isDecodable, 'must have each % of its password written as %25');
const shards = z.string().transform((text, context) => {
  try {
    return readShards(text.trim());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.addIssue(error.message);
    return z.NEVER;
  }
});
const environment = (imageApi: ImageApi['kind']) =>
  z
    .object({
      DISCORD_TOKEN: secret,
      ...imageApiVariables(imageApi),
      DATABASE_PATH: databasePath,
      DATABASE_URL: databaseUrl.optional(),
      DISCORD_GUILD_ID: z
        .string()
        .regex(/^\d{17,20}$/, 'must be a server id: 17 to 20 digits')
        .optional(),
      DISCORD_API_URL: httpUrl.default('https://discord.com/api'),
      SHARDS: shards.default('auto'),
      DISCORD_REST_PER_SECOND: z.coerce
        .number('must be a number of requests')
        .int('must be a whole number of requests')
        .min(0, 'must not be negative')
        .default(DISCORDS_REST_PER_SECOND)
        .transform((number) => number || Number.POSITIVE_INFINITY),
      LOG_LEVEL: z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
          error: 'must be one of trace, debug, info, warn, error, fatal, silent',
        })
        .default('info'),
      TASK_DEADLINE_SECONDS: seconds(86_400).default(1800),
      MODELS: modelList.optional(),
      DEFAULT_MODEL: z.string().trim().optional(),
      TOOLS: toolList.default([...TOOLS]),
      CONFIRM_ABOVE: z.coerce
        .number('must be a number of images')
        .int('must be a whole number of images')
        .min(0, 'must not be negative')
        .default(2),
      POLL_MIN_SECONDS: seconds(60).default(1),
      POLL_MAX_SECONDS: seconds(600).default(60),
      RETENTION_DAYS: z.coerce
        .number('must be a number of days')
        .positive('must be more than 0 days')
        .default(30),
      USER_RUNNING: limit('requests').default(3),
      USER_WAITING: limit('requests').default(10),
      USER_PER_DAY: limitPerDay.default(null),
      SERVER_RUNNING: limit('requests').default(null),
      SERVER_WAITING: limit('requests').default(null),
      SERVER_PER_DAY: limitPerDay.default(null),
      SERVICE_TASKS: limit('images').default(null),
      TOTAL_PER_DAY: limitPerDay.default(null),
      LIMIT_UNIT: z.enum(['images', 'coins'], { error: 'must be images or coins' }).optional(),
      COST_TABLE: costTable.optional(),
      BALANCE_WARNING: z.coerce
        .number('must be a number of coins')
        .positive('must be more than 0 coins')
        .optional(),
      HTTP_PORT: z.coerce
        .number('must be a port number')
        .int('must be a whole number')
        .min(0, 'must not be negative')
        .max(65_535, 'must be at most 65535')
        .default(0),
      HTTP_HOST: z.string().trim().default('127.0.0.1'),
      IMAGES_IN_MEMORY: z.coerce
        .number('must be a number of images')
        .int('must be a whole number of images')
        .min(COUNT_MAX, `must be at least ${COUNT_MAX}, as many as one reply can have`)
        .default(8),
      npm_lifecycle_event: z.string().optional(),
    })
    .refine((env) => env.POLL_MIN_SECONDS <= env.POLL_MAX_SECONDS, {
      path: ['POLL_MIN_SECONDS'],
      error: 'must not be larger than POLL_MAX_SECONDS',
    })
    .superRefine((env, context) => {
      for (const { name, message } of [...imageApiProblems(env), ...offerProblems(env), ...costProblems(env)])
        context.addIssue({ code: 'custom', path: [name], message });
      const names = ['USER_PER_DAY', 'SERVER_PER_DAY', 'TOTAL_PER_DAY'] as const;
      if (unitOf(env) === 'coins') return;
      for (const name of names.filter((name) => !Number.isInteger(env[name] ?? 0)))
        context.addIssue({ code: 'custom', path: [name], message: 'must be a whole number of images' });
    })
    .transform((env) => ({
      discordToken: env.DISCORD_TOKEN,
      discordGuildId: env.DISCORD_GUILD_ID ?? null,
      discordApiUrl: env.DISCORD_API_URL.replace(/\/+$/, ''),
      shards: env.SHARDS,
      restPerSecond: env.DISCORD_REST_PER_SECOND,
      imageApi: imageApiOf(env),
      databasePath: env.DATABASE_PATH,
      databaseUrl: env.DATABASE_URL ?? null,
      /** Values that no log may contain. */
      secrets: [env.DISCORD_TOKEN, ...keysOf(imageApiOf(env)), ...passwordsIn(env.DATABASE_URL)],
      logLevel: env.LOG_LEVEL,
      taskDeadlineMs: env.TASK_DEADLINE_SECONDS * 1000,
      ...offerOf(env),
      // No other service has them.
      tools: env.IMAGE_API === 'jimmyai' ? env.TOOLS : [],
      confirmAbove: env.CONFIRM_ABOVE,
      pollMinMs: env.POLL_MIN_SECONDS * 1000,
      pollMaxMs: env.POLL_MAX_SECONDS * 1000,
      retentionDays: env.RETENTION_DAYS,
      imagesInMemory: env.IMAGES_IN_MEMORY,
      limits: {
        person: { running: env.USER_RUNNING, waiting: env.USER_WAITING, perDay: env.USER_PER_DAY },
        server: { running: env.SERVER_RUNNING, waiting: env.SERVER_WAITING, perDay: env.SERVER_PER_DAY },
        overall: { tasks: env.SERVICE_TASKS, perDay: env.TOTAL_PER_DAY },
        unit: unitOf(env),
      } satisfies HostLimits,
      costs: env.COST_TABLE ?? null,
      balanceWarning: env.BALANCE_WARNING ?? null,
      http: env.HTTP_PORT === 0 ? null : { host: env.HTTP_HOST, port: env.HTTP_PORT },
      startedByNpm: env.npm_lifecycle_event === 'start',
    }));

/** Coins can't be counted when nobody says what an image costs. */
function costProblems(env: {
  IMAGE_API: ImageApi['kind'];
  COST_TABLE?: CostTable | undefined;
  LIMIT_UNIT?: Unit | undefined;
}): { name: 'LIMIT_UNIT'; message: string }[] {
  const isUnpriced = env.IMAGE_API === 'openai' && env.LIMIT_UNIT === 'coins' && !env.COST_TABLE;
  return isUnpriced
    ? [{ name: 'LIMIT_UNIT', message: 'coins needs COST_TABLE, because such a service reports no prices' }]
    : [];
}

function isDecodable(url: string): boolean {
  if (!URL.canParse(url)) return true;
  try {
    decodeURIComponent(new URL(url).password);
    return true;
  } catch {
    return false;
  }
}

/** The password of a URL, encoded and decoded. */
function passwordsIn(url: string | undefined): string[] {
  const written = url === undefined ? '' : new URL(url).password;
  return written === '' ? [] : [written, decodeURIComponent(written)];
}

/** A host who sets prices means coins, unless LIMIT_UNIT says otherwise. */
function unitOf(env: { LIMIT_UNIT?: Unit | undefined; COST_TABLE?: object | undefined }): Unit {
  return env.LIMIT_UNIT ?? (env.COST_TABLE ? 'coins' : 'images');
}

const HINTS: Record<string, string> = {
  DISCORD_TOKEN: "copy the bot's token from https://discord.com/developers/applications (your app → Bot)",
  JIMMYAI_API_KEY: "create a key in your JimmyAI account's API settings",
  OPENAI_API_KEY: 'create a key in the account of the service at OPENAI_BASE_URL',
  OPENAI_MODELS: 'list the models to offer, such as gpt-image-2',
};

function hintFor(name: string): string {
  return `${HINTS[name] ?? 'set it'}, and put it into .env or the environment`;
}
