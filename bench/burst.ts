import { setTimeout as delay } from 'node:timers/promises';
import { type APIInteractionResponse, InteractionResponseType } from 'discord-api-types/v10';
import type { Channel, Discord } from '../sandbox/discord/index.ts';
import { until } from './bot.ts';

/** Discord waits this long for an answer. */
const LOST_AFTER_MS = 3000;
const CALLBACK = '/interactions/{interaction_id}/{interaction_token}/callback';

/** The outcome of one burst. */
export interface Deferred {
  /** The time from each interaction's dispatch to the arrival of its deferral at Discord. */
  readonly waitsMs: readonly number[];
  /** Those that were told in time to come again. */
  readonly refused: number;
  /** Those without any answer in time. */
  readonly lost: number;
  /** From the first dispatch to the last deferral. */
  readonly seconds: number;
}

/** Sends so many interactions within a time, to each of the channels in turn, and waits for their first answers. */
export async function burst(
  discord: Discord,
  {
    count,
    withinMs,
    channels = [discord.channel],
  }: { count: number; withinMs: number; channels?: readonly Channel[] },
): Promise<Deferred> {
  const dispatchedAt = new Map<string, number>();
  const waitsMs: number[] = [];
  let lastAt = 0;
  let refused = 0;
  const stop = discord.on('request', ({ route, interactionToken, status, body }) => {
    const at = dispatchedAt.get(interactionToken ?? '');
    if (route !== CALLBACK || at === undefined || status !== 204) return;
    const { type } = body as APIInteractionResponse;
    if (type === InteractionResponseType.DeferredChannelMessageWithSource) {
      lastAt = performance.now();
      waitsMs.push(lastAt - at);
    } else {
      refused += 1;
    }
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
  const givenUpAt = performance.now() + LOST_AFTER_MS;
  await until(() => waitsMs.length + refused === count || performance.now() > givenUpAt);
  stop();
  return { waitsMs, refused, lost: count - waitsMs.length - refused, seconds: (lastAt - begunAt) / 1000 };
}
