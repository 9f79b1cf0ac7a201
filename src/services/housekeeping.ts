import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from './ledger/index.ts';
import type { Logger } from './log.ts';

const ROUND_EVERY_MS = 60_000;
/** Discord's own limit: an interaction's token is of no use afterwards. */
const TOKEN_LIFE_MS = 15 * 60_000;

/** Goes round the ledger once a minute until stopped: tokens that have expired are emptied. */
export function keepHouse({ ledger, log, now }: { ledger: Ledger; log: Logger; now: () => number }): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await ledger.generations.forgetTokens(now() - TOKEN_LIFE_MS);
      } catch (err) {
        log.warn({ err }, 'expired tokens could not be emptied; the next round tries again');
      }
      // The delay ends early only by the abort that ends the loop, too.
      await delay(ROUND_EVERY_MS, null, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const done = rounds();
  return {
    stop() {
      stopping.abort();
      return done;
    },
  };
}
