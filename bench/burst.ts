import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, Discord } from '../sandbox/discord/index.ts';
import { until } from './bot.ts';

/** Discord waits this long for an answer. */
const LOST_AFTER_MS = 3000;
const CALLBACK = '/interactions/{interaction_id}/{interaction_token}/callback';

/** The outcome of one burst. */
export interface Deferred {
  /** The time from each interaction's dispatch to the arrival of its deferral at Discord. */
  readonly waitsMs: readonly number[];
  readonly lost: number;
  /** From the first dispatch to the last deferral. */
  readonly seconds: number;
}

/** Sends so many interactions within a time, to each of the channels in turn, and waits for their deferrals. */
export async function burst(
  discord: Discord,
  {
    count,
    withinMs,
    channels = [discord.channel],
    lostAfterMs = LOST_AFTER_MS,
  }: { count: number; withinMs: number; channels?: readonly Channel[]; lostAfterMs?: number },
): Promise<Deferred> {
  const dispatchedAt = new Map<string, number>();
  const waitsMs: number[] = [];
  let lastAt = 0;
  const stop = discord.on('request', ({ route, interactionToken, status }) => {
    const at = dispatchedAt.get(interactionToken ?? '');
    if (route !== CALLBACK || at === undefined || status !== 204) return;
    lastAt = performance.now();
    waitsMs.push(lastAt - at);
  });
  const begunAt = performance.now();
  for (let index = 0; index < count; index += 1) {
    const early = begunAt + (index * withinMs) / count - performance.now();
    if (early > 0) await delay(early);
    const at = performance.now();
    const channel = channels[index % channels.length] ?? discord.channel;
    const { token } = discord.interact.command({
      name: 'imagine',
      channel,
      options: { prompt: `fox ${index}` },
    });
    dispatchedAt.set(token, at);
  }
  const givenUpAt = performance.now() + lostAfterMs;
  await until(() => waitsMs.length === count || performance.now() > givenUpAt);
  stop();
  return { waitsMs, lost: count - waitsMs.length, seconds: (lastAt - begunAt) / 1000 };
}
