import { setTimeout as delay } from 'node:timers/promises';
import { TOKEN_LIFE_MS } from '../discord/limits.ts';
import type { FileStore } from '../images/file-store.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Forgotten } from '../ledger/stored-data.ts';
import type { Logger } from '../log.ts';
import { LIMIT_WINDOW_MS } from '../request/limits.ts';

const ROUND_EVERY_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** Longer than the limits look back, in case a clock is set. */
const CHARGES_KEPT_MS = 2 * LIMIT_WINDOW_MS;

/**
 * Between two looks, of which both must find something old enough: a clock that is wrong when the bot starts, and is put
 * right soon after, deletes nothing. Measured by a clock that nobody sets.
 */
const SECOND_LOOK_AFTER_MS = 60 * 60_000;

/** Goes round the ledger once a minute until stopped: expired tokens are emptied, old generations, files and charges deleted. */
export function keepHouse({
  ledger,
  files,
  retentionDays,
  log,
  now,
  elapsed = elapsedMs,
  roundEveryMs = ROUND_EVERY_MS,
}: Housekeeping): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  const { signal } = stopping;
  let looked: { readonly at: number; readonly now: number } | null = null;

  /** The time that two looks agree on; null until there is one. */
  function agreedTime(): number | null {
    const [at, wall] = [elapsed(), now()];
    const before = looked;
    if (before === null || at - before.at >= SECOND_LOOK_AFTER_MS) looked = { at, now: wall };
    if (before === null || at - before.at < SECOND_LOOK_AFTER_MS) return null;
    return Math.min(wall, before.now);
  }

  async function round(): Promise<void> {
    await ledger.generations.forgetTokens(now() - TOKEN_LIFE_MS);
    for (const userId of await ledger.storedData.begun()) {
      await report(
        await ledger.storedData.goOnForgetting(userId, signal),
        'a deletion that was begun is over',
      );
    }
    const agreed = agreedTime();
    if (agreed !== null) await forgetOld(agreed);
    if (!signal.aborted) await ledger.emptyLog();
  }

  async function forgetOld(time: number): Promise<void> {
    const before = time - retentionDays * DAY_MS;
    await ledger.serverRules.forgetChanges(before, signal);
    await report(await ledger.storedData.forgetBefore(before, signal), 'what was old enough was deleted');
    await ledger.charges.forgetBefore(time - CHARGES_KEPT_MS, signal);
    const ledgers = await ledger.removeReplaced(before);
    if (ledgers > 0) log.info({ ledgers }, 'what restores had moved aside was old enough and was removed');
  }

  async function report(forgotten: Forgotten, words: string): Promise<void> {
    await files.removeAll(forgotten.files);
    if (forgotten.generations === 0) return;
    log.info({ generations: forgotten.generations, files: forgotten.files.length }, words);
  }

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await round();
      } catch (err) {
        log.warn({ err }, 'the housekeeping failed; the next round tries again');
      }
      // The delay ends early only by the abort that ends the loop, too.
      await delay(roundEveryMs, null, { signal: stopping.signal }).catch(() => undefined);
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
  /** Milliseconds since whenever, by a clock that nobody sets. */
  readonly elapsed?: () => number;
  readonly roundEveryMs?: number;
}

/** Removes what a process that died could not remove any more: files that no row names. */
export async function sweepFiles({
  ledger,
  files,
  log,
}: Pick<Housekeeping, 'ledger' | 'files' | 'log'>): Promise<void> {
  try {
    const removed = await files.keepOnly((name) => ledger.storedData.isUsed(name));
    if (removed > 0) log.info({ removed }, 'files that nothing needs were removed');
  } catch (err) {
    log.warn({ err }, 'the folder of kept files can not be tidied up');
  }
}

function elapsedMs(): number {
  return performance.now();
}
