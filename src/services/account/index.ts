import { setTimeout as delay } from 'node:timers/promises';
import type { JimmyAi } from '../jimmyai/client.ts';
import { JimmyAiError } from '../jimmyai/errors.ts';
import type { WarningKind, WarningLedger } from '../ledger/warnings.ts';
import type { Logger } from '../log.ts';
import { type Balances, findingOf, queryBalances, spendableOf } from './balances.ts';
import {
  afterCall,
  afterLook,
  foundAtStart,
  isCertain,
  isInTheWay,
  letThrough,
  type Trouble,
  type TroubleKind,
} from './trouble.ts';
import { keepWarnings, type TellOwner } from './warnings.ts';

export type { Balances } from './balances.ts';
export type { TroubleKind } from './trouble.ts';
export type { News } from './warnings.ts';

/** The service's account, as far as it stands between people and their images. */
export interface Account {
  /** Why requests are refused at the moment; null where they aren't, or where one may try whether it is over. */
  refusal(): TroubleKind | null;
  /** Whether the next request in line may be served now. Where one may try, it is this one, and no other. */
  mayBegin(): boolean;
  /** What certainly stands in the way, also while one tries whether it is over. */
  hold(): TroubleKind | null;
  /** Calls back when those who wait in line have to be looked at again. */
  onChange(listener: () => void): void;
  /** What is left, asked for now. Throws a JimmyAiError where the service doesn't tell. */
  balances(): Promise<Balances>;
  /** What the owner is warned of at the moment. */
  warnings(): ReadonlySet<WarningKind>;
  /** The coins that could be spent when that was last told; null where it never was. */
  spendable(): number | null;
  /** Begins to look, and to tell the owner. */
  start(): void;
  stop(): Promise<void>;
}

export interface AccountDeps {
  readonly service: Pick<JimmyAi, 'onAttempt' | 'queryAccountBalance' | 'queryKeyBalance'>;
  readonly warnings: WarningLedger;
  readonly tellOwner: TellOwner;
  /** The owner is warned when fewer coins than this are left; null for no warning. */
  readonly balanceWarning: number | null;
  /** Somebody wants to see the balance even where all is well. */
  readonly looksOften: boolean;
  /** Milliseconds since whenever, by a clock that nobody sets. */
  readonly elapsed: () => number;
  readonly log: Logger;
}

/** Short, since it is also how soon the owner hears; a round with nothing to do costs nothing. */
const ROUND_EVERY_MS = 1000;
const AFTER_FAILURE_MS = 60_000;
/** A message to the owner that hangs is sent by the next process. */
const STOP_GRACE_MS = 1000;
const LOOK_IN_TROUBLE_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 10 * 60_000;

/** Takes up what an earlier process left in the ledger, and listens to what comes back from the service. */
export async function watchAccount(deps: AccountDeps): Promise<Account> {
  const { service, balanceWarning, looksOften, elapsed, log } = deps;
  const stopping = new AbortController();
  const known = (await deps.warnings.all()).map(({ kind }) => kind);
  const inTrouble = known.find((kind) => kind !== 'low-balance');
  let trouble: Trouble | null = inTrouble ? foundAtStart(inTrouble, elapsed()) : null;
  let spendable: number | null = null;
  let isLow = balanceWarning !== null && known.includes('low-balance');
  let lookAt = trouble || balanceWarning !== null || looksOften ? elapsed() : Number.POSITIVE_INFINITY;
  let done = Promise.resolve();
  let woken = Promise.withResolvers<void>();
  const listeners: (() => void)[] = [];
  let told = { hold: hold(), isShut: isShut() };

  function hold(): TroubleKind | null {
    return trouble && isCertain(trouble) ? trouble.kind : null;
  }

  function isShut(): boolean {
    return trouble !== null && isInTheWay(trouble) && letThrough(trouble, elapsed()) === null;
  }

  function tellIfChanged(): void {
    const before = told;
    told = { hold: hold(), isShut: isShut() };
    if (told.hold === before.hold && told.isShut === before.isShut) return;
    for (const listener of listeners) listener();
  }

  function change(next: Trouble | null): void {
    const [before, after] = [trouble?.kind ?? null, next?.kind ?? null];
    trouble = next;
    tellIfChanged();
    if (before === after) return;
    lookAt = elapsed();
    woken.resolve();
    if (after)
      log.error({ trouble: after }, 'the service refuses requests for a reason that its host has to mend');
    else log.info({ trouble: before }, 'the service takes requests again');
  }

  service.onAttempt((attempt) => change(afterCall(trouble, attempt, elapsed())));

  async function look(): Promise<void> {
    const finding = findingOf(
      await queryBalances(service, { log, signal: stopping.signal }).then(takeIn, unlessUnknown),
    );
    change(afterLook(trouble, finding, elapsed()));
    const often = balanceWarning !== null || looksOften ? LOOK_EVERY_MS : Number.POSITIVE_INFINITY;
    lookAt = elapsed() + (trouble ? LOOK_IN_TROUBLE_EVERY_MS : often);
  }

  function takeIn(balances: Balances): Balances {
    spendable = spendableOf(balances);
    const isBelow = balanceWarning !== null && spendable !== null && spendable < balanceWarning;
    // The key's part alone may show that it is low, but not that it isn't.
    if (isBelow || balances.account !== null) isLow = isBelow;
    return balances;
  }

  function unlessUnknown(error: unknown): JimmyAiError {
    if (!(error instanceof JimmyAiError)) throw error;
    if (error.kind !== 'aborted') log.warn({ err: error }, 'the balance could not be asked for');
    return error;
  }

  const active = (): ReadonlySet<WarningKind> =>
    new Set([hold(), isLow ? ('low-balance' as const) : null].filter((kind) => kind !== null));
  const keep = keepWarnings({ ...deps, active, spendable: () => spendable });

  async function rounds(): Promise<void> {
    while (!stopping.signal.aborted) {
      let pause = ROUND_EVERY_MS;
      try {
        // Time alone makes one that may try.
        tellIfChanged();
        if (elapsed() >= lookAt) await look();
        await keep();
      } catch (err) {
        pause = AFTER_FAILURE_MS;
        log.warn({ err }, 'the account could not be looked after; the next round tries again');
      }
      const paused = delay(pause, null, { signal: stopping.signal }).catch(() => undefined);
      await Promise.race([paused, woken.promise]);
      woken = Promise.withResolvers();
    }
  }

  return {
    refusal: () => (isShut() ? hold() : null),
    mayBegin() {
      if (!trouble || !isInTheWay(trouble)) return true;
      const through = letThrough(trouble, elapsed());
      if (!through) return false;
      log.info({ trouble: through.kind }, 'one request goes through, to find out whether this is over');
      trouble = through;
      tellIfChanged();
      return true;
    },
    hold,
    onChange(listener) {
      listeners.push(listener);
    },
    balances: () => queryBalances(service, { log, signal: stopping.signal }).then(takeIn),
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
