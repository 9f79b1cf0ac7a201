import type { Attempt } from '../jimmyai/client.ts';

/** Why no request can be served at the moment: the host has to renew the key, or to top up. */
export type TroubleKind = 'key-refused' | 'no-credit';

/** Times are by a clock that nobody sets. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** How often calls failed of it since the last create that worked, or since the balance first saw nothing wrong. */
  readonly failures: number;
  /** When a failure was last counted. */
  readonly countedAt: number;
  /** What the balance says to it. */
  readonly balance: 'unasked' | 'silent' | 'agrees' | 'disagrees';
  /** From when on one request may go through, to find out whether it is over. */
  readonly tryAt: number;
}

/**
 * What a look at the balance found: coins that can be spent, what stands in the way, or just that the key is taken;
 * null where it told nothing.
 */
export type Finding = 'fine' | 'key-taken' | TroubleKind | null;

/** Against a balance that sees nothing wrong, so many failures must speak. */
const CERTAIN_AFTER = 3;
/** What fails together, as one request's images or all tasks that are polled, fails of one thing: it counts once. */
export const COUNT_EVERY_MS = 30_000;
/** One request may try this often: a balance may be told wrongly, and a create that is refused costs nothing. */
export const TRY_EVERY_MS = 5 * 60_000;
/** Where the balance sees nothing wrong, it may be over: one request may try sooner. */
const TRY_WHEN_FINE_MS = 60_000;
/** A request that was let through may have ended before it reached the service: then the next one tries. */
const TRY_TAKES_MS = 30_000;

/** Known from an earlier process. Whoever restarted the bot may just have mended it. */
export function foundAtStart(kind: TroubleKind, now: number): Trouble {
  return { kind, failures: CERTAIN_AFTER, countedAt: now, balance: 'unasked', tryAt: now };
}

/** After a try of a call: only a create that works proves that all is well. */
export function afterCall(trouble: Trouble | null, { call, outcome }: Attempt, now: number): Trouble | null {
  if (call === 'create' && outcome === 'ok') return null;
  const kind = KIND_OF[outcome];
  if (!kind || call === 'balance') return trouble;
  const tryAt = now + TRY_EVERY_MS;
  if (trouble?.kind !== kind) return { kind, failures: 1, countedAt: now, balance: 'unasked', tryAt };
  const isCounted = now - trouble.countedAt >= COUNT_EVERY_MS;
  return {
    ...trouble,
    ...(isCounted && { failures: trouble.failures + 1, countedAt: now }),
    // Tasks are polled all the time: a query that fails leaves the next try where it is.
    ...(call === 'create' && { tryAt }),
  };
}

const KIND_OF: Partial<Record<Attempt['outcome'], TroubleKind>> = {
  authentication: 'key-refused',
  credit: 'no-credit',
};

/**
 * After a look at the balance. It ends only what it has shown itself: a create may be refused for what no balance
 * tells, such as a price above the last coins.
 */
export function afterLook(trouble: Trouble | null, finding: Finding, now: number): Trouble | null {
  if (trouble === null) return null;
  if (finding === null || (finding === 'key-taken' && trouble.kind === 'no-credit')) {
    return trouble.balance === 'unasked' ? { ...trouble, balance: 'silent' } : trouble;
  }
  if (finding === 'key-refused' || finding === 'no-credit') {
    return { ...trouble, kind: finding, balance: 'agrees' };
  }
  if (trouble.balance === 'agrees') return null;
  return {
    ...trouble,
    failures: trouble.balance === 'disagrees' ? trouble.failures : 1,
    balance: 'disagrees',
    tryAt: Math.min(trouble.tryAt, now + TRY_WHEN_FINE_MS),
  };
}

/**
 * Whether requests are refused and the owner is told: not before the balance was asked, since any service stumbles.
 * Coins that don't pay for one request may pay for the next.
 */
export function isCertain({ kind, balance, failures }: Trouble): boolean {
  if (balance === 'disagrees' && kind === 'no-credit') return false;
  return balance === 'agrees' || balance === 'silent' || failures >= CERTAIN_AFTER;
}

/**
 * Whether those who wait in line are held: also while the balance is still being asked. That takes a moment, in which
 * one after the other would be refused.
 */
export function isInTheWay(trouble: Trouble): boolean {
  return isCertain(trouble) || trouble.balance === 'unasked';
}

/** Lets the caller's request through where it is time to try: until that is over, no other one. */
export function letThrough(trouble: Trouble, now: number): Trouble | null {
  return now < trouble.tryAt ? null : { ...trouble, tryAt: now + TRY_TAKES_MS };
}
