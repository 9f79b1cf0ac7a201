import { RateLimitError } from 'discord.js';
import type { Logger } from '../log.ts';
import { isGone } from './errors.ts';
import { createLasting, type Lasting } from './lasting.ts';

/** One way to a person's eyes, where the row says that it may work. */
export interface Rung<Shown> {
  readonly name: string;
  readonly use: () => Promise<Shown>;
  /** What closes this rung besides what closes any. */
  readonly isClosedBy?: (error: unknown) => boolean;
  /** It leaves the reply as it is, and says the same somewhere else. */
  readonly isElsewhere?: boolean;
}

/** For so long a reply that Discord holds back is waited for, before its last word is said elsewhere; in milliseconds. */
const HELD_BACK_FOR_MS = 120_000;

/** The ways to reach each generation's reply, one below the other. */
export class DeliveryLadder {
  readonly #heldBack: Lasting;

  constructor(elapsed: () => number) {
    this.#heldBack = createLasting(HELD_BACK_FOR_MS, elapsed);
  }

  /**
   * Uses the first rung; goes one further where Discord says that this one is closed for good, or holds it back for long.
   * Null where all are closed. Rejects where one may work later.
   */
  async climb<Shown>(
    rungs: readonly Rung<Shown>[],
    generationId: string,
    log: Logger,
  ): Promise<Shown | null> {
    let limit: RateLimitError | null = null;
    for (const rung of rungs) {
      // The reply would go on saying that it waits.
      if (limit && rung.isElsewhere && this.#isWorthWaiting(limit, generationId)) throw limit;
      try {
        const shown = await rung.use();
        this.#heldBack.passed(generationId);
        return shown;
      } catch (error) {
        if (error instanceof RateLimitError) limit ??= error;
        else if (!isClosedBy(error, rung)) throw error;
        log.info({ err: error, rung: rung.name }, 'the reply is out of reach this way');
      }
    }
    if (limit) throw limit;
    return null;
  }

  #isWorthWaiting({ retryAfter }: RateLimitError, generationId: string): boolean {
    return retryAfter <= HELD_BACK_FOR_MS && !this.#heldBack.met(generationId);
  }
}

function isClosedBy<Shown>(error: unknown, rung: Rung<Shown>): boolean {
  return error instanceof ChannelClosed || isGone(error) || (rung.isClosedBy?.(error) ?? false);
}

/** A channel that the bot can see takes no messages. */
export class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed';
}
