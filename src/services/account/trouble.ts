import type { Attempt } from '../jimmyai/client.ts';

/** Why no request can be served at the moment: the host has to renew the key, or to top up. */
export type TroubleKind = 'key-refused' | 'no-credit';

export interface Trouble {
  readonly kind: TroubleKind;
  /** Calls that failed of it since the last create that worked. */
  readonly failures: number;
  /** What the balance says to it. */
  readonly balance: 'unasked' | 'silent' | 'agrees' | 'disagrees';
  /** What could be spent when that was first told; more of it means that somebody topped up. */
  readonly spendable: number | null;
  /** From when on one request may go through, to find out whether it is over. */
  readonly tryAt: number;
}

/** What a look at the balance found: coins that can be spent, or what stands in the way; null where it told nothing. */
export type Finding = number | TroubleKind | null;

/** Against a balance that sees nothing wrong, so many failures must speak. */
export const CERTAIN_AFTER = 3;
/** While nothing tells anything, one request may try this often. */
export const TRY_EVERY_MS = 5 * 60_000;
/** Where the balance sees nothing wrong, it may be over: one request may try sooner. */
const TRY_WHEN_FINE_MS = 60_000;
/** A request that was let through may have ended before it reached the service: then the next one tries. */
const TRY_TAKES_MS = 30_000;

/** Known from an earlier process. Whoever restarted the bot may just have mended it. */
export function foundAtStart(kind: TroubleKind, now: number): Trouble {
  return { kind, failures: CERTAIN_AFTER, balance: 'unasked', spendable: null, tryAt: now };
}

/** After a try of a call: only a create that works proves that all is well. */
export function afterCall(trouble: Trouble | null, { call, outcome }: Attempt, now: number): Trouble | null {
  if (call === 'create' && outcome === 'ok') return null;
  const kind = KIND_OF[outcome];
  if (!kind || call === 'balance') return trouble;
  const same =
    trouble?.kind === kind ? trouble : { failures: 0, balance: 'unasked' as const, spendable: null };
  return { ...same, kind, failures: same.failures + 1, tryAt: now + TRY_EVERY_MS };
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
  if (finding === null) return trouble.balance === 'unasked' ? { ...trouble, balance: 'silent' } : trouble;
  if (typeof finding === 'string') {
    return { ...trouble, kind: finding, balance: 'agrees', tryAt: now + TRY_EVERY_MS };
  }
  const isToppedUp =
    trouble.kind === 'no-credit' && trouble.spendable !== null && finding > trouble.spendable;
  if (trouble.balance === 'agrees' || isToppedUp) return null;
  return {
    ...trouble,
    balance: 'disagrees',
    spendable: trouble.spendable ?? finding,
    tryAt: Math.min(trouble.tryAt, now + TRY_WHEN_FINE_MS),
  };
}

/** Whether requests are refused and the owner is told: not before the balance was asked, since any service stumbles. */
export function isCertain({ balance, failures }: Trouble): boolean {
  return balance === 'agrees' || balance === 'silent' || failures >= CERTAIN_AFTER;
}

/** Lets the caller's request through where it is time to try: until that is over, no other one. */
export function letThrough(trouble: Trouble, now: number): Trouble | null {
  return now < trouble.tryAt ? null : { ...trouble, tryAt: now + TRY_TAKES_MS };
}
