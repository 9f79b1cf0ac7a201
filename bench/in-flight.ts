import { setTimeout as delay } from 'node:timers/promises';
import { startDiscord } from '../sandbox/discord/index.ts';
import { startBenchBot } from './bot.ts';
import { probe, residentMb, startClient, WITH_PROBE } from './processes.ts';
import { startService } from './service.ts';
import { median } from './statistics.ts';

/** Lets one-time work at the start finish. */
const SETTLE_MS = 5000;
const SAMPLES = 10;
const SAMPLE_EVERY_MS = 1000;
/** Each task gains a percent a second, so that every query has something new to show. */
const PERCENT_MS = 1000;

/** The cost of a running process. */
export interface Upkeep {
  readonly residentMb: number;
  readonly loopP99Ms: number;
}

/** Starts the bot once to fill Node.js's compile cache, because an installation has only one first start. */
export async function compileOnce(): Promise<void> {
  const service = await startService({ reportOf: () => ({ status: 'processing' }) });
  await using on = await startBenchBot({ service, tasksInFlight: 0 });
  await on.bot.stop();
  await service.close();
}

/** One bot that watches this many tasks, none of which ends. */
export async function measureInFlight({ tasksInFlight }: { tasksInFlight: number }): Promise<Upkeep> {
  const service = await startService({
    reportOf: () => ({ status: 'processing', progress: Math.floor(Date.now() / PERCENT_MS) % 100 }),
  });
  try {
    await using on = await startBenchBot({ service, tasksInFlight, nodeArgs: WITH_PROBE });
    const { process: bot } = on.bot;
    await delay(SETTLE_MS);
    await probe(bot);
    const samples: number[] = [];
    while (samples.length < SAMPLES) {
      await delay(SAMPLE_EVERY_MS);
      samples.push(residentMb(bot));
    }
    const { loopP99Ms } = await probe(bot);
    return { residentMb: median(samples), loopP99Ms };
  } finally {
    await service.close();
  }
}

/** A bare discord.js client that is connected and does nothing. */
export async function measureIdleClient(): Promise<Upkeep> {
  const discord = await startDiscord();
  const client = await startClient('./bare-client.js', discord);
  try {
    await delay(SETTLE_MS);
    await probe(client);
    await delay(SETTLE_MS);
    const { loopP99Ms } = await probe(client);
    return { residentMb: residentMb(client), loopP99Ms };
  } finally {
    client.kill('SIGKILL');
    await discord.close();
  }
}
