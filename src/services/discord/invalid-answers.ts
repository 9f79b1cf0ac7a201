import type { ResponseLike } from 'discord.js';
import type { Logger } from '../log.ts';

type Answer = Pick<ResponseLike, 'status' | 'headers'>;

/** Tracks how many invalid requests the bot may still make before Discord bans its address. */
export interface InvalidAnswers {
  /** Whether optional look-ups may still be made. */
  leaveRoom(): boolean;
  /** How long such a request has to wait for room, in milliseconds; 0 when it may go now. */
  waitMs(use: Use): number;
  /** A request goes out. Until it ends, it counts as if it were refused. */
  begins(): void;
  /** The request was answered, or never will be (null). */
  ends(answer: Answer | null): void;
}

/** First answers and the gateway have a larger budget, so that other refusals don't silence the bot. */
export type Use = 'first' | 'other';

const WINDOW_MS = 10 * 60_000;
/** Answers are counted in steps of ten seconds, in milliseconds. */
const STEP_MS = 10_000;
/** The wait while requests under way may use up the rest of the budget, in milliseconds. */
const LOOK_AGAIN_MS = 1000;
/**
 * Discord allows 10,000. Optional look-ups stop at a fifth, everything but first answers at half, and everything at
 * 8000. The rest is for other programs at this address.
 */
const BUDGETS = { lookUps: 2000, other: 5000, first: 8000 };
/**
 * Discord counts the first three (docs: topics/rate-limits). The bot also counts 404, which is as useless to repeat.
 */
const INVALID: ReadonlySet<number> = new Set([401, 403, 429, 404]);

/**
 * Counts the answers by which Discord calls a request invalid: 10,000 in 10 minutes ban the address (docs:
 * topics/rate-limits). Above the first budget the bot looks nothing up. Above the others requests wait until enough of
 * the earlier answers are older than ten minutes.
 */
export function countInvalidAnswers(options: {
  log: Pick<Logger, 'warn'>;
  /** A monotonic clock, in milliseconds. */
  elapsed: () => number;
  budgets?: typeof BUDGETS;
}): InvalidAnswers {
  const { log, elapsed, budgets = BUDGETS } = options;
  const steps = new Map<number, number>();
  const said = new Set<keyof typeof BUDGETS>();
  let underWay = 0;

  function counted(): number {
    // A step counts until its last answer is older than the window.
    const oldest = Math.floor((elapsed() - WINDOW_MS) / STEP_MS);
    for (const step of steps.keys()) if (step < oldest) steps.delete(step);
    return steps.values().reduce((sum, count) => sum + count, 0);
  }

  function isUsedUp(budget: keyof typeof BUDGETS, count: number, words: string): boolean {
    const isOver = count >= budgets[budget];
    if (!isOver) said.delete(budget);
    else if (!said.has(budget)) {
      said.add(budget);
      const most = budgets[budget];
      log.warn(
        { budget: most },
        `Discord has called ${most} requests invalid within 10 minutes, and the bot ${words}`,
      );
    }
    return isOver;
  }

  return {
    leaveRoom: () => !isUsedUp('lookUps', counted(), 'looks nothing up for now'),
    waitMs(use) {
      const count = counted();
      const words = use === 'first' ? 'sends nothing for now' : 'sends only first answers for now';
      if (isUsedUp(use, count, words)) {
        const [oldest = 0] = steps.keys();
        return (oldest + 1) * STEP_MS + WINDOW_MS - elapsed();
      }
      return count + underWay < budgets[use] ? 0 : LOOK_AGAIN_MS;
    },
    begins() {
      underWay += 1;
    },
    ends(answer) {
      underWay -= 1;
      // Discord doesn't count a limit that all bots share.
      if (!answer || !INVALID.has(answer.status) || answer.headers.get('x-ratelimit-scope') === 'shared')
        return;
      const step = Math.floor(elapsed() / STEP_MS);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    },
  };
}
