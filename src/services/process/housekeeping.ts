import { setTimeout as delay } from 'node:timers/promises';
import { TOKEN_LIFE_MS } from '../discord/limits.ts';
import type { FileStore } from '../images/file-store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Forgotten } from '../ledger/stored-data.ts';
import type { Logger } from '../log.ts';
import { LIMIT_WINDOW_MS } from '../request/limits.ts';

const ROUND_EVERY_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** Longer than the limits look back, in case the clock is set. */
const CHARGES_KEPT_MS = 2 * LIMIT_WINDOW_MS;
/** Longer than /balance looks back. */
const CHARGE_SUMS_KEPT_MS = 8 * DAY_MS;

/**
 * Data is deleted when it was old enough at two times this far apart on a monotonic clock. A wall clock that is wrong at
 * the start and corrected soon after therefore deletes nothing.
 */
const CONFIRMED_AFTER_MS = 60 * 60_000;

/** Cleans up once a minute until stopped, unless another process does: empties expired tokens, deletes old generations, files and charges. */
export function startHousekeeping({
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
  let reading: { readonly at: number; readonly now: number } | null = null;

  /** The earlier of two readings of the wall clock; null until they are far enough apart. */
  function confirmedTime(): number | null {
    const [at, wall] = [elapsed(), now()];
    const before = reading;
    if (before === null || at - before.at >= CONFIRMED_AFTER_MS) reading = { at, now: wall };
    if (before === null || at - before.at < CONFIRMED_AFTER_MS) return null;
    return Math.min(wall, before.now);
  }

  async function round(): Promise<void> {
    await ledger.generations.forgetTokens(now() - TOKEN_LIFE_MS);
    for (const userId of await ledger.storedData.begun()) {
      await removeFiles(
        await ledger.storedData.goOnForgetting(userId, signal),
        "the interrupted deletion of a person's data is complete",
      );
    }
    const confirmed = confirmedTime();
    if (confirmed !== null) await forgetOld(confirmed);
    if (!signal.aborted) await ledger.emptyLog();
  }

  async function forgetOld(time: number): Promise<void> {
    const before = time - retentionDays * DAY_MS;
    await ledger.serverRules.forgetChanges(before, signal);
    await removeFiles(await ledger.storedData.forgetBefore(before, signal), 'old generations were deleted');
    await ledger.charges.forgetBefore(time - CHARGES_KEPT_MS, signal);
    await ledger.charges.forgetSumsBefore(time - CHARGE_SUMS_KEPT_MS);
    const ledgers = await ledger.removeReplaced(before);
    if (ledgers > 0) log.info({ ledgers }, 'old ledgers that restores had moved aside were removed');
  }

  async function removeFiles(forgotten: Forgotten, message: string): Promise<void> {
    await files.removeAll(forgotten.files);
    if (forgotten.generations === 0) return;
    log.info({ generations: forgotten.generations, files: forgotten.files.length }, message);
  }

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await ledger.alone('housekeeping', round);
      } catch (err) {
        log.warn({ err }, 'the housekeeping failed; the next round tries again');
      }
      // The delay rejects only by the abort that also ends the loop.
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
  /** Milliseconds on a monotonic clock. */
  readonly elapsed?: () => number;
  readonly roundEveryMs?: number;
}

/** Removes files that no row names: a process that died could not remove them. */
export async function sweepFiles({ files, log }: Pick<Housekeeping, 'files' | 'log'>): Promise<void> {
  try {
    const removed = await files.removeUnused();
    if (removed > 0) log.info({ removed }, 'unused files were removed');
  } catch (err) {
    log.warn({ err }, 'the unused files could not be removed');
  }
}

function elapsedMs(): number {
  return performance.now();
}
