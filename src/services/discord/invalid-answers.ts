import type { ResponseLike } from 'discord.js';
import type { Logger } from '../log.ts';

type Answer = Pick<ResponseLike, 'status' | 'headers'>;

/** How much room there still is before Discord bans the bot's address. */
export interface InvalidAnswers {
  /** Whether what can be done without may still be asked for. */
  leaveRoom(): boolean;
  /** How long such a request has to wait for room, in milliseconds; 0 where it may go now. */
  waitMs(use: Use): number;
  /** A request goes out: until it ends, it is counted as if it were refused. */
  begins(): void;
  /** It was answered, or never will be. */
  ends(answer: Answer | null): void;
}

/** First answers and the connection have room of their own: what else is refused must not silence the bot. */
export type Use = 'first' | 'other';

const WINDOW_MS = 10 * 60_000;
/** Answers are counted by the ten seconds, in milliseconds. */
const STEP_MS = 10_000;
/** While requests that are under way may need what is left, in milliseconds. */
const LOOK_AGAIN_MS = 1000;
/**
 * Of the 10,000 that Discord takes: a fifth, for what can be done without; half, for all but first answers; and the most
 * that there ever is. The rest is for what else has this address.
 */
const BUDGETS = { lookUps: 2000, other: 5000, first: 8000 };
/** The first three count (docs: topics/rate-limits); a 404 is as useless, and costs as much to find out again. */
const INVALID: ReadonlySet<number> = new Set([401, 403, 429, 404]);

/**
 * Counts the answers by which Discord calls a request invalid: 10,000 in 10 minutes ban the address (docs:
 * topics/rate-limits). Above the first budget nothing is looked up, above the others requests wait until the ten minutes
 * have passed for enough of the earlier ones.
 */
export function countInvalidAnswers(options: {
  log: Pick<Logger, 'warn'>;
  /** A clock that nobody sets, in milliseconds. */
  elapsed: () => number;
  budgets?: typeof BUDGETS;
}): InvalidAnswers {
  const { log, elapsed, budgets = BUDGETS } = options;
  const steps = new Map<number, number>();
  const said = new Set<keyof typeof BUDGETS>();
  let underWay = 0;

  function counted(): number {
    // A step is over when its last answer is.
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
      // A limit that all bots share is nobody's fault.
      if (!answer || !INVALID.has(answer.status) || answer.headers.get('x-ratelimit-scope') === 'shared')
        return;
      const step = Math.floor(elapsed() / STEP_MS);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    },
  };
}
