import { setTimeout as delay } from 'node:timers/promises';
import { TOKEN_LIFE_MS } from './discord-limits.ts';
import type { FileStore } from './files.ts';
import type { Ledger } from './ledger/index.ts';
import { LIMIT_WINDOW_MS } from './limits.ts';
import type { Logger } from './log.ts';

const ROUND_EVERY_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** Longer than the limits look back, in case a clock is set. */
const CHARGES_KEPT_MS = 2 * LIMIT_WINDOW_MS;

/** Goes round the ledger once a minute until stopped: expired tokens are emptied, old generations, files and charges deleted. */
export function keepHouse({ ledger, files, retentionDays, log, now }: Housekeeping): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();

  async function round(): Promise<void> {
    await ledger.generations.forgetTokens(now() - TOKEN_LIFE_MS);
    const before = now() - retentionDays * DAY_MS;
    await ledger.serverRules.forgetChanges(before);
    const forgotten = await ledger.storedData.forgetBefore(before);
    await files.removeAll(forgotten.files);
    await ledger.charges.forgetBefore(now() - CHARGES_KEPT_MS);
    if (forgotten.generations === 0) return;
    log.info(
      { generations: forgotten.generations, files: forgotten.files.length },
      'what was old enough was deleted',
    );
  }

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await round();
      } catch (err) {
        log.warn({ err }, 'the housekeeping failed; the next round tries again');
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

interface Housekeeping {
  readonly ledger: Ledger;
  readonly files: FileStore;
  readonly retentionDays: number;
  readonly log: Logger;
  readonly now: () => number;
}

/** Removes what a process that died could not remove any more: files that no row names. */
export async function sweepFiles({
  ledger,
  files,
  log,
}: Pick<Housekeeping, 'ledger' | 'files' | 'log'>): Promise<void> {
  try {
    const removed = await files.keepOnly(await ledger.storedData.allFiles());
    if (removed > 0) log.info({ removed }, 'files that nothing needs were removed');
  } catch (err) {
    log.warn({ err }, 'the folder of kept files can not be tidied up');
  }
}
