import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Bot, environmentFor, startBot } from '../sandbox/bot.ts';
import { type Discord, startDiscord } from '../sandbox/discord/index.ts';
import type { Service } from './service.ts';
import { leaveTasksInFlight } from './tasks-in-flight.ts';

/** The real bot in its own process. Both sandboxes run in this process, and share the machine with it. */
export interface BenchBot extends AsyncDisposable {
  readonly discord: Discord;
  readonly bot: Bot;
  readonly databasePath: string;
}

/** Starts the bot on a ledger that holds this many tasks in flight, and waits until it has asked about each. */
export async function startBenchBot({
  service,
  tasksInFlight,
  discord: given,
  env = {},
  nodeArgs = [],
}: {
  service: Service;
  tasksInFlight: number;
  /** A prepared Discord; it is closed with the bot. */
  discord?: Discord;
  env?: Record<string, string>;
  nodeArgs?: readonly string[];
}): Promise<BenchBot> {
  const discord = given ?? (await startDiscord());
  const folder = mkdtempSync(join(tmpdir(), 'imagine-bench-'));
  const databasePath = join(folder, 'imagine.sqlite');
  const left = await leaveTasksInFlight(discord, databasePath, tasksInFlight);
  const bot = startBot({
    // No limits, because one person makes all requests here.
    env: {
      ...environmentFor(discord, service, databasePath),
      USER_RUNNING: '0',
      USER_WAITING: '0',
      ...env,
    },
    nodeArgs,
    ipc: true,
  });
  let hasEnded = false;
  void bot.ended.then(() => {
    hasEnded = true;
  });
  await until(() => {
    if (hasEnded) throw new Error(`the bot has ended: ${bot.errors.join('\n')}`);
    const isReady = bot.log.some(({ msg }) => msg.includes('is ready with'));
    return isReady && left.every((id) => service.asked.has(id));
  });

  return {
    discord,
    bot,
    databasePath,
    async [Symbol.asyncDispose]() {
      await bot.stop('SIGKILL');
      await discord.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function until(condition: () => boolean, lookEveryMs = 20): Promise<void> {
  while (!condition()) await delay(lookEveryMs);
}
