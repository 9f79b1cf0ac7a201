import { RateLimitError } from 'discord.js';
import type { Logger } from '../log.ts';
import { isGone, isRefused, isServerError } from './errors.ts';
import { createLasting, type Lasting } from './lasting.ts';

/** One way to show a message to the person. */
export interface Rung<Shown> {
  readonly name: string;
  readonly use: () => Promise<Shown>;
  /** Errors that close this rung, besides those that close any rung. */
  readonly isClosedBy?: (error: unknown) => boolean;
  /** It sends a new message, and leaves the reply as it is. */
  readonly isElsewhere?: boolean;
}

/** How long a rate limit may delay the edit of a reply before the bot sends a new message, in milliseconds. */
const HELD_BACK_FOR_MS = 120_000;

/**
 * How long Discord may fail on one way before the next one is tried, in milliseconds. Some failures never pass, such as
 * a 500 at each edit in an archived thread (discord-api-docs#3197). In an outage every way fails, and the first one is
 * used again afterwards.
 */
const FAILS_FOR_MS = 600_000;

type Obstacle = 'limit' | 'refusal' | 'failure' | 'closed';

/** Tries the ways to show each generation's result, one after the other. */
export class DeliveryLadder {
  readonly #heldBack: Lasting;
  readonly #failing: Lasting;

  constructor(elapsed: () => number) {
    this.#heldBack = createLasting(HELD_BACK_FOR_MS, elapsed);
    this.#failing = createLasting(FAILS_FOR_MS, elapsed);
  }

  /**
   * Uses the first rung. Moves on to the next when Discord says that this one is closed for good, limits it for long, or
   * fails at it for long, and with `pastRefusals` also when it refuses the message there. Null when all are closed.
   * Rejects when one may work later, or when Discord refuses the message everywhere.
   */
  async climb<Shown>(
    rungs: readonly Rung<Shown>[],
    generationId: string,
    log: Logger,
    pastRefusals = false,
  ): Promise<Shown | null> {
    const met: Partial<Record<Obstacle, unknown>> = {};
    for (const rung of rungs) {
      // With the result elsewhere, the reply would still say that it waits.
      if (rung.isElsewhere && this.#isWorthWaiting(met.limit, generationId)) throw met.limit;
      try {
        const shown = await rung.use();
        this.#heldBack.passed(generationId);
        this.#failing.passed(keyOf(rung, generationId));
        return shown;
      } catch (error) {
        const obstacle = this.#obstacleIn(error, rung, generationId, pastRefusals);
        if (obstacle === null) throw error;
        met[obstacle] ??= error;
        log.info({ err: error, rung: rung.name }, 'the reply is out of reach this way');
      }
    }
    const left = met.limit ?? met.failure ?? met.refusal;
    if (left) throw left;
    return null;
  }

  /** Why the next rung is tried; null when this one may work soon. */
  #obstacleIn<Shown>(
    error: unknown,
    rung: Rung<Shown>,
    generationId: string,
    pastRefusals: boolean,
  ): Obstacle | null {
    if (error instanceof RateLimitError) return 'limit';
    if (pastRefusals && isRefused(error)) return 'refusal';
    if (isServerError(error) && this.#failing.met(keyOf(rung, generationId))) return 'failure';
    return isClosedBy(error, rung) ? 'closed' : null;
  }

  #isWorthWaiting(limit: unknown, generationId: string): boolean {
    if (!(limit instanceof RateLimitError)) return false;
    return limit.retryAfter <= HELD_BACK_FOR_MS && !this.#heldBack.met(generationId);
  }
}

function keyOf<Shown>({ name }: Rung<Shown>, generationId: string): string {
  return `${generationId} ${name}`;
}

function isClosedBy<Shown>(error: unknown, rung: Rung<Shown>): boolean {
  return error instanceof ChannelClosed || isGone(error) || (rung.isClosedBy?.(error) ?? false);
}

/** The bot can see a channel, but can't send messages to it. */
export class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed';
}
