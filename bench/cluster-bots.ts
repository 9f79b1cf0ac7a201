import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bot, environmentFor, startBot } from '../sandbox/bot.ts';
import { type Channel, type Discord, startDiscord } from '../sandbox/discord/index.ts';
import { moveLedger } from '../src/services/ledger/move/index.ts';
import { serversOnShards } from '../test/support/servers-on-shards.ts';
import { until } from './bot.ts';
import type { Service } from './service.ts';
import { leaveTasksInFlight } from './tasks-in-flight.ts';

/** Several real bots on one ledger, each in its own process with its own shard. */
export interface ClusterBots extends AsyncDisposable {
  readonly discord: Discord;
  readonly bots: readonly Bot[];
  /** A channel of each process. */
  readonly channels: readonly Channel[];
}

/**
 * Starts so many processes on a ledger that holds this many tasks in flight, and waits until each task was asked about. The
 * ledger is in the database at this address, or for a single process in a SQLite file.
 */
export async function startClusterBots({
  service,
  tasksInFlight,
  processes,
  databaseUrl,
}: {
  service: Service;
  tasksInFlight: number;
  processes: number;
  databaseUrl: string | null;
}): Promise<ClusterBots> {
  const discord = await startDiscord({ sharding: { identifyPauseMs: 0 } });
  const folder = mkdtempSync(join(tmpdir(), 'imagine-bench-'));
  const databasePath = join(folder, 'imagine.sqlite');
  const left = await leaveTasksInFlight(discord, databasePath, tasksInFlight);
  if (databaseUrl !== null) await moveLedger({ from: databasePath, to: databaseUrl });
  const channels = serversOnShards(discord, processes);
  const bots = channels.map((_, shard) =>
    startBot({
      // No limits, because one person makes all requests here.
      env: {
        ...environmentFor(discord, service, databasePath),
        ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
        SHARDS: `${shard} of ${processes}`,
        USER_RUNNING: '0',
        USER_WAITING: '0',
      },
    }),
  );
  const ended = new Set<Bot>();
  for (const bot of bots) void bot.ended.then(() => ended.add(bot));
  await until(() => {
    for (const { errors } of ended) throw new Error(`a bot has ended: ${errors.join('\n')}`);
    const areReady = bots.every(({ log }) => log.some(({ msg }) => msg.includes('is ready with')));
    return areReady && left.every((id) => service.asked.has(id));
  });
  return {
    discord,
    bots,
    channels,
    async [Symbol.asyncDispose]() {
      await Promise.all(bots.map((bot) => bot.stop('SIGKILL')));
      await discord.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
