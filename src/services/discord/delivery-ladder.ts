import { RateLimitError } from 'discord.js';
import type { Logger } from '../log.ts';
import { isGone, isRefused } from './errors.ts';
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

/** Tries the ways to show each generation's result, one after the other. */
export class DeliveryLadder {
  readonly #heldBack: Lasting;

  constructor(elapsed: () => number) {
    this.#heldBack = createLasting(HELD_BACK_FOR_MS, elapsed);
  }

  /**
   * Uses the first rung. Moves on to the next when Discord says that this one is closed for good, or limits it for
   * long, and with `pastRefusals` also when it refuses the message there. Null when all are closed. Rejects when one may
   * work later, or when Discord refuses the message everywhere.
   */
  async climb<Shown>(
    rungs: readonly Rung<Shown>[],
    generationId: string,
    log: Logger,
    pastRefusals = false,
  ): Promise<Shown | null> {
    let limit: RateLimitError | null = null;
    let refusal: unknown = null;
    for (const rung of rungs) {
      // With the result elsewhere, the reply would still say that it waits.
      if (limit && rung.isElsewhere && this.#isWorthWaiting(limit, generationId)) throw limit;
      try {
        const shown = await rung.use();
        this.#heldBack.passed(generationId);
        return shown;
      } catch (error) {
        if (error instanceof RateLimitError) limit ??= error;
        else if (pastRefusals && isRefused(error)) refusal ??= error;
        else if (!isClosedBy(error, rung)) throw error;
        log.info({ err: error, rung: rung.name }, 'the reply is out of reach this way');
      }
    }
    if (limit ?? refusal) throw limit ?? refusal;
    return null;
  }

  #isWorthWaiting({ retryAfter }: RateLimitError, generationId: string): boolean {
    return retryAfter <= HELD_BACK_FOR_MS && !this.#heldBack.met(generationId);
  }
}

function isClosedBy<Shown>(error: unknown, rung: Rung<Shown>): boolean {
  return error instanceof ChannelClosed || isGone(error) || (rung.isClosedBy?.(error) ?? false);
}

/** The bot can see a channel, but can't send messages to it. */
export class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed';
}
