import { setTimeout as delay } from 'node:timers/promises';
import { DiscordAPIError, InteractionResponseType, RateLimitError, type REST } from 'discord.js';
import { createDeadline } from '../concurrency/deadline.ts';
import { isAcknowledgedAlready, isPassing } from './errors.ts';

/**
 * Discord accepts a first answer to an interaction for 3 s (docs: receiving-and-responding) and then takes a moment to
 * show it. An edit follows, which would find no reply if the bot gave up sooner. In milliseconds.
 */
const CALLBACK_TAKEN_WITHIN_MS = 3500;
/** The pause before the second and last try of a callback, in milliseconds. */
const REPEAT_PAUSE_MS = 500;

type Options = Parameters<REST['request']>[0];

/** It is unknown whether Discord received the first answer, so it may be visible. */
export class CallbackUnanswered extends Error {
  override readonly name = 'CallbackUnanswered';
}

/**
 * Sends a request. Gives up an interaction's callback, repetitions included, once Discord no longer accepts it. Sends a
 * callback once more that an edge blocks, or whose answer is lost, because the whole interaction depends on it. A deferral
 * of which an earlier try got through resolves without Discord's answer. Other requests may take their time.
 */
export async function withinCallbackTime(
  options: Options,
  send: (options: Options) => Promise<unknown>,
  withinMs: number = CALLBACK_TAKEN_WITHIN_MS,
): Promise<unknown> {
  if (!isCallback(options)) return send(options);
  using deadline = createDeadline(withinMs, options.signal ?? undefined);
  // discord.js ignores the signal while it sleeps through a rate limit; a request that it sends afterwards fails.
  const { signal } = deadline;
  const attempt = () => send({ ...options, signal }).catch((error) => unlessDeferred(error, options));
  const sent = attempt().catch(async (error: unknown) => {
    if (!isWorthRepeating(error)) throw error;
    await delay(REPEAT_PAUSE_MS, null, { signal });
    return attempt();
  });
  return await Promise.race([sent, aborted(signal)]).catch((cause: unknown) => {
    if (!deadline.isPast) throw cause;
    const seconds = withinMs / 1000;
    throw new CallbackUnanswered(`Discord has not answered an interaction's callback for ${seconds} s`, {
      cause,
    });
  });
}

/** Any other first answer than a deferral may not be the one that got through. */
function unlessDeferred(error: unknown, { body }: Options): void {
  const type = typeof body === 'object' && body !== null && 'type' in body ? body.type : null;
  if (!isAcknowledgedAlready(error) || !DEFERRALS.has(type)) throw error;
}

const DEFERRALS: ReadonlySet<unknown> = new Set([
  InteractionResponseType.DeferredChannelMessageWithSource,
  InteractionResponseType.DeferredMessageUpdate,
]);

/** discord.js itself repeats after a 5xx, and waits after a 429. */
function isWorthRepeating(error: unknown): boolean {
  if (error instanceof RateLimitError) return false;
  const isDone = error instanceof DiscordAPIError && (error.status >= 500 || error.status === 429);
  return !isDone && isPassing(error);
}

function isCallback({ fullRoute }: Options): boolean {
  return /^\/interactions\/[^/]+\/[^/]+\/callback$/.test(fullRoute);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
