import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFor, startBot } from './bot.ts';
import { createClock } from './clock.ts';
import { type Discord, startDiscord } from './discord/index.ts';
import { type JimmyAi, startJimmyAi } from './jimmyai/index.ts';
import { type KeptBot, keepBot } from './kept-bot.ts';

/** A small Discord, a small JimmyAI, and the real bot between them. */
export interface Players {
  readonly discord: Discord;
  readonly jimmyAi: JimmyAi;
  readonly bot: KeptBot;
}

export interface Sandbox extends Players, AsyncDisposable {
  close(): Promise<void>;
}

export interface SandboxOptions {
  /** Divides the models' durations. */
  readonly speed: number;
  readonly seed: number;
  /** By which the bot has images made. */
  readonly api: 'jimmyai' | 'openai';
}

/** Starts all three on loopback and waits until the bot's commands are registered. Rejects when the bot can't start. */
export async function startSandbox({ speed, seed, api }: SandboxOptions): Promise<Sandbox> {
  const clock = createClock();
  const [discord, jimmyAi] = await Promise.all([
    startDiscord({ clock }),
    startJimmyAi({ clock, speed, seed }),
  ]);
  // So that somebody on the page may use /balance, and receives the warnings about the account.
  discord.handOverTo({ owner: discord.people.alice });
  const data = await mkdtemp(join(tmpdir(), 'imagine-sandbox-'));
  const env = environmentFor(discord, jimmyAi, join(data, 'imagine.sqlite'), api);
  const bot = keepBot(() => startBot({ env: { ...env, LOG_LEVEL: 'debug', POLL_MAX_SECONDS: '1' } }));

  async function close(): Promise<void> {
    await bot.stop();
    await Promise.all([discord.close(), jimmyAi.close()]);
    await rm(data, { recursive: true, force: true });
  }

  const sandbox: Sandbox = {
    discord,
    jimmyAi,
    bot,
    close,
    [Symbol.asyncDispose]: close,
  };
  const failed = bot.current.ended.then((how) => {
    throw new Error(`the bot ended before it was ready (${how}): ${bot.current.errors.join('\n')}`);
  });
  try {
    await Promise.race([discord.ready(), failed]);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  // If the bot ends later, others handle that.
  failed.catch(() => undefined);
  return sandbox;
}
