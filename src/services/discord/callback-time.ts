import { setTimeout as delay } from 'node:timers/promises';
import { DiscordAPIError, type REST } from 'discord.js';
import { createDeadline } from '../concurrency/deadline.ts';
import { isPassing } from './errors.ts';

/**
 * Discord takes a first answer to an interaction for 3 s (docs: receiving-and-responding), and then needs its own moment to
 * show it: an edit that comes sooner would find no reply, and one comes afterwards. In milliseconds.
 */
const CALLBACK_TAKEN_WITHIN_MS = 3500;
/** Before the one other try of a callback that an edge in front of Discord has blocked, in milliseconds. */
const BLOCKED_PAUSE_MS = 500;

type Options = Parameters<REST['request']>[0];

/** Whether Discord has the answer is not known: it may have been shown. */
export class CallbackUnanswered extends Error {
  override readonly name = 'CallbackUnanswered';
}

/**
 * Sends a request; the callback of an interaction is given up, with all its repetitions, once Discord would not take it
 * any more, and sent once more where an edge blocks it: the whole interaction hangs on it. Other requests take the time
 * they take.
 */
export async function withinCallbackTime(
  options: Options,
  send: (options: Options) => Promise<unknown>,
  withinMs: number = CALLBACK_TAKEN_WITHIN_MS,
): Promise<unknown> {
  if (!isCallback(options)) return send(options);
  using deadline = createDeadline(withinMs, options.signal ?? undefined);
  // discord.js sleeps through a rate limit whatever the signal says; what it sends after it fails at once.
  const { signal } = deadline;
  const sent = send({ ...options, signal }).catch(async (error: unknown) => {
    if (!isBlocked(error)) throw error;
    await delay(BLOCKED_PAUSE_MS, null, { signal });
    return send({ ...options, signal });
  });
  return await Promise.race([sent, aborted(signal)]).catch((cause: unknown) => {
    if (!deadline.isPast) throw cause;
    const seconds = withinMs / 1000;
    throw new CallbackUnanswered(`Discord has not answered an interaction's callback for ${seconds} s`, {
      cause,
    });
  });
}

/** discord.js itself repeats what Discord can't do now, and waits where it is asked to. */
function isBlocked(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status < 500 && error.status !== 429 && isPassing(error);
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
