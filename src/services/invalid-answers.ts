import { type REST, RESTEvents } from 'discord.js';
import type { Logger } from './log.ts';

/** How much room there still is before Discord bans the bot's address. */
export interface InvalidAnswers {
  /** Whether what can be done without may still be asked for. */
  leaveRoom(): boolean;
}

const WINDOW_MS = 10 * 60_000;
/** Answers are counted by the ten seconds, in milliseconds. */
const STEP_MS = 10_000;
/** A fifth of what Discord takes: the rest is for replies that somebody waits for, and for what else has this address. */
const BUDGET = 2000;
/** The first three count (docs: topics/rate-limits); a 404 is as useless, and costs as much to find out again. */
const INVALID: ReadonlySet<number> = new Set([401, 403, 429, 404]);

/**
 * Counts the answers by which Discord calls a request invalid: 10,000 in 10 minutes ban the address (docs:
 * topics/rate-limits). Above a budget of its own the bot asks for nothing any more that it can do without.
 */
export function watchInvalidAnswers(
  rest: Pick<REST, 'on'>,
  { log, now = Date.now, budget = BUDGET }: { log: Logger; now?: () => number; budget?: number },
): InvalidAnswers {
  const steps = new Map<number, number>();
  let isSaid = false;

  function counted(): number {
    const oldest = Math.floor((now() - WINDOW_MS) / STEP_MS);
    for (const step of steps.keys()) if (step <= oldest) steps.delete(step);
    return steps.values().reduce((sum, count) => sum + count, 0);
  }

  rest.on(RESTEvents.Response, (_, { status, headers }) => {
    // A limit that all bots share is nobody's fault.
    if (!INVALID.has(status) || headers.get('x-ratelimit-scope') === 'shared') return;
    const step = Math.floor(now() / STEP_MS);
    steps.set(step, (steps.get(step) ?? 0) + 1);
  });
  return {
    leaveRoom() {
      const isLeft = counted() < budget;
      if (!isLeft && !isSaid) {
        log.warn(
          { budget },
          'Discord has called so many requests invalid within 10 minutes that the bot looks nothing up for now',
        );
      }
      isSaid = !isLeft;
      return isLeft;
    },
  };
}
