import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, inject } from 'vitest';
import { type Bot, environmentFor, startBot } from '../../sandbox/bot.ts';
import { type Clock, createClock } from '../../sandbox/clock.ts';
import {
  type Discord,
  type DiscordOptions,
  type Interaction,
  type Message,
  startDiscord,
  type User,
} from '../../sandbox/discord/index.ts';
import { type JimmyAi, type JimmyAiOptions, startJimmyAi } from '../../sandbox/jimmyai/index.ts';
import { requestProblems } from './discord-openapi.ts';
import { createPostgresLedger, createSqliteLedger, type TestLedger } from './ledger.ts';
import { keepLedgersOpen } from './ledger-file.ts';

/** The real bot between a small Discord and a small JimmyAI, for one test file. */
export interface BotOnSandbox {
  readonly discord: Discord;
  readonly jimmyAi: JimmyAi;
  /** In the database of the vitest project. */
  readonly ledger: TestLedger;
  /** Where the ledger is if it is in SQLite. */
  readonly databasePath: string;
  /** The current process. */
  bot(): Bot;
  /** Starts another process on the same ledger, and waits until it is connected. */
  start(env?: Record<string, string>): Promise<Bot>;
  /** Advances the clocks of Discord, of the service and of the bot, including bots that start later. */
  advance(ms: number): Promise<void>;
  /** Adds a person to the studio, towards whose limits nothing counts yet. */
  newPerson(): User;
  /** Waits for a message that the bot writes besides its replies, and marks it as expected. */
  besides(reads: RegExp): Promise<Message>;
  /**
   * Ends everything, after the checks of every test: all requests are documented by Discord, the log has no secret, and
   * the bot wrote no messages besides its replies and those that the test waited for.
   */
  close(): Promise<void>;
}

/** Hundreds of times faster than in reality, at a tenth of the pixels, so that no test waits for an image. */
const QUICK: JimmyAiOptions = { speed: 200, pixelScale: 0.1 };
const MOVABLE_CLOCK = fileURLToPath(new URL('./movable-clock.ts', import.meta.url));
/** No limits by default, since in most tests one person asks for everything. */
const NO_LIMITS = { USER_RUNNING: '0', USER_WAITING: '0' };
const POLL_OFTEN = { POLL_MIN_SECONDS: '0.1', POLL_MAX_SECONDS: '0.5' };

export async function startBotOnSandbox(
  options: {
    jimmyAi?: JimmyAiOptions;
    env?: Record<string, string>;
    /** By which the bot has images made. */
    api?: 'jimmyai' | 'openai';
    rateLimits?: boolean;
    /** The clock of Discord and the service. */
    clock?: Clock;
    sharding?: DiscordOptions['sharding'];
    discordTls?: DiscordOptions['tls'];
    started?: boolean;
    /** Whatever database the vitest project has. */
    database?: 'sqlite';
  } = {},
): Promise<BotOnSandbox> {
  const { clock = createClock() } = options;
  const discord = await startDiscord({
    clock,
    ...(options.rateLimits === false && { rateLimits: false }),
    ...(options.discordTls && { tls: options.discordTls }),
    // In tests, processes follow each other faster than Discord would allow.
    sharding: { identifyPauseMs: 0, ...options.sharding },
  });
  const jimmyAi = await startJimmyAi({ clock, ...QUICK, ...options.jimmyAi });
  const sqlite = createSqliteLedger();
  const server = options.database === 'sqlite' ? undefined : inject('postgres')?.url;
  const ledger = server ? await createPostgresLedger(server) : sqlite;
  const bots: Bot[] = [];
  let advancedMs = 0;
  let newPeople = 0;
  const interactions: Interaction[] = [];
  discord.onInteraction((interaction) => interactions.push(interaction));
  const meant = new Set<string>();

  function besidesReplies(): Message[] {
    const replies = new Set(interactions.map((interaction) => interaction.message()?.id));
    return discord.messages().filter(({ id, author }) => author.id === discord.bot.id && !replies.has(id));
  }

  async function shiftClock(bot: Bot): Promise<void> {
    if (!bot.process.connected) return;
    const shifted = once(bot.process, 'message');
    // PostgreSQL's clock, by which leases last, is nobody's to move, and the process counts along by its own.
    bot.process.send({ wallMs: advancedMs, elapsedMs: ledger === sqlite ? advancedMs : 0 });
    await Promise.race([shifted, bot.ended]);
  }

  async function start(env: Record<string, string> = {}): Promise<Bot> {
    if (bots.length > 0 && bots.every(hasEnded)) await ledger.endLeases();
    const bot = startBot({
      env: {
        ...environmentFor(discord, jimmyAi, sqlite.path, options.api),
        ...ledger.env,
        LOG_LEVEL: 'debug',
        ...POLL_OFTEN,
        ...NO_LIMITS,
        ...options.env,
        ...env,
      },
      nodeArgs: ['--import', MOVABLE_CLOCK],
      ipc: true,
    });
    bots.push(bot);
    const early = bot.ended.then((how) => {
      throw new Error(`the bot ended early (${how}): ${bot.errors.join('\n')}`);
    });
    const connected = until(() => bot.log.some(({ msg }) => msg.includes('is ready with')));
    // If it ends later, the test handles that.
    early.catch(() => undefined);
    await shiftClock(bot);
    await Promise.race([connected, early]);
    return bot;
  }

  if (options.started !== false) await start();
  return {
    discord,
    jimmyAi,
    ledger,
    databasePath: sqlite.path,
    bot() {
      const last = bots.at(-1);
      if (!last) throw new Error('no bot was started');
      return last;
    },
    start,
    async advance(ms) {
      advancedMs += ms;
      // The bot's clock comes last: ahead of the service's, it could give up on images that are done by then.
      clock.advance(ms);
      await Promise.all(bots.map(shiftClock));
    },
    newPerson() {
      newPeople += 1;
      return discord.addPerson(`newcomer${newPeople}`, [discord.guild]);
    },
    async besides(reads) {
      const message = await until(() =>
        besidesReplies().find((found) => !meant.has(found.id) && reads.test(textOf(found))),
      );
      meant.add(message.id);
      return message;
    },
    async close() {
      await Promise.all(bots.map((bot) => bot.stop('SIGKILL')));
      await Promise.all([discord.close(), jimmyAi.close()]);
      await Promise.all(new Set([ledger, sqlite]).values().map((each) => each.remove()));
      expect(requestProblems(discord.requests)).toEqual([]);
      expectNoSecrets(bots, discord, jimmyAi);
      expect(
        besidesReplies()
          .filter(({ id }) => !meant.has(id))
          .map(textOf),
      ).toEqual([]);
    },
  };
}

function hasEnded({ process: { exitCode, signalCode } }: Bot): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Waits until the condition holds; the test's own time-out is the limit. */
export async function until<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const close = keepLedgersOpen();
  try {
    for (;;) {
      const value = await condition();
      if (value) return value;
      await delay(10);
    }
  } finally {
    close();
  }
}

/** Waits until the reply to an interaction reads like this, and returns it. */
export function reply(interaction: Interaction, reads: RegExp): Promise<Message> {
  return until(() => {
    const message = interaction.message();
    return message && reads.test(textOf(message)) ? message : undefined;
  });
}

/** Waits until the reply carries a file, and returns it. */
export function image(interaction: Interaction): Promise<Message> {
  return until(() => {
    const message = interaction.message();
    return message?.attachments.length ? message : undefined;
  });
}

/** Waits until the reply carries this many files, and returns it. */
export function images(interaction: Interaction, count: number): Promise<Message> {
  return until(() => {
    const message = interaction.message();
    return message?.attachments.length === count ? message : undefined;
  });
}

/** All that a person can read in a message. */
export function textOf({ content, embeds }: Message): string {
  const parts = embeds.flatMap(({ title, description, footer }) => [title, description, footer?.text]);
  return [content, ...parts].filter(Boolean).join('\n');
}

/** The bodies of all creates that reached the service, as they were sent. */
export function creates(jimmyAi: JimmyAi): { prompt: string; images?: string[] }[] {
  return jimmyAi.requests
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/images'))
    .map(({ body }) => body as { prompt: string; images?: string[] });
}

/** Only those with this prompt, oldest first. */
export function createsOf(jimmyAi: JimmyAi, prompt: string) {
  return creates(jimmyAi).filter((body) => body.prompt === prompt);
}

/** How many uploads have reached the service so far. */
export function uploadsTo(jimmyAi: JimmyAi): number {
  return jimmyAi.requests.filter(({ path }) => path.endsWith('/upload')).length;
}

function expectNoSecrets(bots: readonly Bot[], discord: Discord, jimmyAi: JimmyAi): void {
  const log = bots.map((bot) => `${JSON.stringify(bot.log)}${bot.errors.join('\n')}`).join('\n');
  for (const secret of [discord.token, jimmyAi.apiKey, ...tokensOf(discord)]) {
    expect(log.includes(secret), 'a secret stands in the log').toBe(false);
  }
}

function tokensOf(discord: Discord): string[] {
  return discord.requests.flatMap(({ interactionToken }) => interactionToken ?? []);
}
