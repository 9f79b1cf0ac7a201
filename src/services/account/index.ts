import { setTimeout as delay } from 'node:timers/promises';
import { ImageServiceError } from '../image-service/errors.ts';
import type { JimmyAi } from '../jimmyai/client.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { StoredWarning, WarningKind } from '../ledger/warnings.ts';
import type { Logger } from '../log.ts';
import { type Balances, findingOf, queryBalances, spendableOf } from './balances.ts';
import {
  type AccountTrouble,
  type AccountTroubleKind,
  admitProbe,
  afterCall,
  afterLook,
  foundAtStart,
  foundElsewhere,
  isBlocking,
  isConfirmed,
} from './trouble.ts';
import { keepWarnings, type TellOwner } from './warnings.ts';

export type { Balances } from './balances.ts';
export type { AccountTroubleKind } from './trouble.ts';
export type { News } from './warnings.ts';

/** Watches the account at the service, and breaks the circuit while it can't pay for images. */
export interface Account {
  /** Why new requests are refused now; null when they aren't, or when one may probe the account. */
  refusal(): AccountTroubleKind | null;
  /** Whether the next request in line may be served now. When a probe is due, a yes makes that request the probe. */
  mayBegin(): boolean;
  /** The confirmed trouble, also while a request probes the account; null when there is none. */
  hold(): AccountTroubleKind | null;
  /** Calls back when the scheduler has to look at the line again. */
  onChange(listener: () => void): void;
  /** Whether the service can be asked for balances at all. */
  readonly tellsBalance: boolean;
  /** Asks for the balances now. Throws an ImageServiceError when the service reports neither. */
  balances(): Promise<Balances>;
  /** What the owner is being warned of. */
  warnings(): ReadonlySet<WarningKind>;
  /** The coins that could be spent at the last report; null before the first. */
  spendable(): number | null;
  /** Begins to watch the balance, and to warn the owner. */
  start(): void;
  stop(): Promise<void>;
}

export interface AccountDeps {
  readonly service: Pick<JimmyAi, 'onAttempt' | 'queryAccountBalance' | 'queryKeyBalance'>;
  /** Whether the service reports balances. Otherwise only the outcome of requests shows whether the account can pay. */
  readonly tellsBalance: boolean;
  readonly ledger: Pick<Ledger, 'warnings' | 'alone'>;
  readonly tellOwner: TellOwner;
  /** The owner is warned when fewer coins than this are left; null for no warning. */
  readonly balanceWarning: number | null;
  /** Asks for the balance regularly even when all is well, so that metrics can show it. */
  readonly looksOften: boolean;
  /** Milliseconds on a monotonic clock. */
  readonly elapsed: () => number;
  readonly log: Logger;
}

/** Short, because it decides how soon the owner hears; a round with nothing to do costs nothing. */
const ROUND_EVERY_MS = 1000;
const AFTER_FAILURE_MS = 60_000;
/** If a message to the owner hangs longer than this, the next process sends it. */
const STOP_GRACE_MS = 1000;
const LOOK_IN_TROUBLE_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 10 * 60_000;

/** Resumes from the warnings in the ledger, and observes every call to the service. */
export async function watchAccount(deps: AccountDeps): Promise<Account> {
  const { service, ledger, tellsBalance, elapsed, log } = deps;
  const balanceWarning = tellsBalance ? deps.balanceWarning : null;
  const looksOften = tellsBalance && deps.looksOften;
  const stopping = new AbortController();
  const stored = await ledger.warnings.all();
  /** What the ledger tells all processes, as far as this one knows. */
  let shared = troubleIn(stored);
  let trouble: AccountTrouble | null = shared ? foundAtStart(shared, elapsed()) : null;
  let spendable: number | null = null;
  let isLow = balanceWarning !== null && stored.some(({ kind }) => kind === 'low-balance');
  let lookAt = trouble || balanceWarning !== null || looksOften ? elapsed() : Number.POSITIVE_INFINITY;
  let done = Promise.resolve();
  let woken = Promise.withResolvers<void>();
  const listeners: (() => void)[] = [];
  let announced = { hold: hold(), isShut: isShut() };

  function hold(): AccountTroubleKind | null {
    return trouble && isConfirmed(trouble) ? trouble.kind : null;
  }

  function isShut(): boolean {
    return trouble !== null && isBlocking(trouble) && admitProbe(trouble, elapsed()) === null;
  }

  function announceChange(): void {
    const before = announced;
    announced = { hold: hold(), isShut: isShut() };
    if (announced.hold === before.hold && announced.isShut === before.isShut) return;
    for (const listener of listeners) listener();
  }

  function change(next: AccountTrouble | null): void {
    const [before, after] = [trouble?.kind ?? null, next?.kind ?? null];
    trouble = next;
    announceChange();
    if (before === after) return;
    lookAt = elapsed();
    woken.resolve();
    if (after)
      log.error({ trouble: after }, 'the service refuses requests until the host renews the key or tops up');
    else log.info({ trouble: before }, 'the service accepts requests again');
  }

  service.onAttempt((attempt) => change(afterCall(trouble, attempt, elapsed())));

  async function look(): Promise<void> {
    const finding = findingOf(
      await queryBalances(service, { log, signal: stopping.signal }).then(record, asServiceError),
    );
    change(afterLook(trouble, finding, elapsed()));
    const otherwise = balanceWarning !== null || looksOften ? LOOK_EVERY_MS : Number.POSITIVE_INFINITY;
    lookAt = elapsed() + (trouble ? LOOK_IN_TROUBLE_EVERY_MS : otherwise);
  }

  function record(balances: Balances): Balances {
    spendable = spendableOf(balances);
    const isBelow = balanceWarning !== null && spendable !== null && spendable < balanceWarning;
    // The key's balance alone can show that it is low, but not that it isn't.
    if (isBelow || balances.account !== null) isLow = isBelow;
    return balances;
  }

  function asServiceError(error: unknown): ImageServiceError {
    if (!(error instanceof ImageServiceError)) throw error;
    if (error.kind !== 'aborted') log.warn({ err: error }, 'the balance could not be queried');
    return error;
  }

  /** Tells other processes what this one has found out since the last time. If there is nothing, reads what they found. */
  async function share(): Promise<void> {
    const own = hold();
    if (own === shared) {
      const theirs = troubleIn(await ledger.warnings.all());
      shared = theirs;
      if (theirs !== own) change(theirs && foundElsewhere(theirs, elapsed()));
      return;
    }
    if (shared) await ledger.warnings.end(shared);
    if (own) await ledger.warnings.begin(own);
    shared = own;
  }

  const active = (): ReadonlySet<WarningKind> =>
    new Set([hold(), isLow ? ('low-balance' as const) : null].filter((kind) => kind !== null));
  const keep = keepWarnings({ ...deps, warnings: ledger.warnings, active, spendable: () => spendable });

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      let pause = ROUND_EVERY_MS;
      try {
        // A probe falls due by the passing of time alone.
        announceChange();
        if (elapsed() >= lookAt) await look();
        // The message to the owner may hang or fail, which must not keep the other processes waiting.
        await Promise.all([share(), ledger.alone('warnings', keep)]);
      } catch (err) {
        pause = AFTER_FAILURE_MS;
        log.warn({ err }, 'the account could not be checked; the next round tries again');
      }
      const paused = delay(pause, null, { signal: stopping.signal }).catch(() => undefined);
      await Promise.race([paused, woken.promise]);
      woken = Promise.withResolvers();
    }
  }

  return {
    refusal: () => (isShut() ? hold() : null),
    mayBegin() {
      if (!trouble || !isBlocking(trouble)) return true;
      const probed = admitProbe(trouble, elapsed());
      if (!probed) return false;
      log.info({ trouble: probed.kind }, 'one request goes through, to probe whether the trouble is over');
      trouble = probed;
      announceChange();
      return true;
    },
    hold,
    onChange(listener) {
      listeners.push(listener);
    },
    tellsBalance,
    balances: () => queryBalances(service, { log, signal: stopping.signal }).then(record),
    warnings: active,
    spendable: () => spendable,
    start() {
      done = rounds();
    },
    stop() {
      stopping.abort();
      return Promise.race([done, delay(STOP_GRACE_MS, undefined, { ref: false })]);
    },
  };
}

/** Why requests are held by what the ledger says. */
function troubleIn(stored: readonly StoredWarning[]): AccountTroubleKind | null {
  const kinds = stored.filter(({ isOver }) => !isOver).map(({ kind }) => kind);
  return kinds.find((kind) => kind !== 'low-balance') ?? null;
}
