import type { Attempt } from '../jimmyai/client.ts';

/** Why no request can be served: the host has to renew the key or top up. */
export type AccountTroubleKind = 'key-refused' | 'no-credit';

/** The state of the circuit breaker. Its times are on a monotonic clock. */
export interface AccountTrouble {
  readonly kind: AccountTroubleKind;
  /** Failures counted since the last create that worked, or since the balance first saw nothing wrong. */
  readonly failures: number;
  /** When a failure was last counted. */
  readonly countedAt: number;
  /** Whether the balance confirms the trouble. */
  readonly balance: 'unasked' | 'silent' | 'agrees' | 'disagrees';
  /** When one request may go through, to probe whether the trouble is over. */
  readonly probeAt: number;
}

/**
 * What a look at the balance found: coins that can be spent, trouble, or only that the service accepts the key; null
 * when it found nothing out.
 */
export type Finding = 'fine' | 'key-taken' | AccountTroubleKind | null;

/** This many failures confirm the trouble when the balance sees nothing wrong. */
const CONFIRMED_AFTER = 3;
/** One request's images, or all the polled tasks, fail together for one reason. Within this time they count once. */
export const COUNT_EVERY_MS = 30_000;
/** The balance may be reported wrongly, and a refused create costs nothing, so one request may probe this often. */
export const PROBE_EVERY_MS = 5 * 60_000;
/** When the balance sees nothing wrong, the trouble may be over: one request may probe sooner. */
const PROBE_WHEN_FINE_MS = 60_000;
/** A probe may end before it reaches the service. After this long, the next request may probe. */
const PROBE_TAKES_MS = 30_000;

/** Trouble that an earlier process stored. A probe is due at once, since the host may have restarted after mending it. */
export function foundAtStart(kind: AccountTroubleKind, now: number): AccountTrouble {
  return { kind, failures: CONFIRMED_AFTER, countedAt: now, balance: 'unasked', probeAt: now };
}

/**
 * Trouble that another process has confirmed: it probes, and so does this one, but later. What a balance says that sees
 * nothing wrong is known there as well: it ends a lack of credit, and no refused key.
 */
export function foundElsewhere(kind: AccountTroubleKind, now: number): AccountTrouble {
  const balance = kind === 'key-refused' ? 'disagrees' : 'silent';
  return { kind, failures: CONFIRMED_AFTER, countedAt: now, balance, probeAt: now + PROBE_EVERY_MS };
}

/** The state after an attempt at a call. Only a call that costs something and works proves that all is well. */
export function afterCall(
  trouble: AccountTrouble | null,
  { call, outcome }: Attempt,
  now: number,
): AccountTrouble | null {
  const isPaid = call === 'create' || call === 'tool';
  if (isPaid && outcome === 'ok') return null;
  const kind = KIND_OF[outcome];
  if (!kind || call === 'balance' || call === 'catalog') return trouble;
  const probeAt = now + PROBE_EVERY_MS;
  if (trouble?.kind !== kind) return { kind, failures: 1, countedAt: now, balance: 'unasked', probeAt };
  const isCounted = now - trouble.countedAt >= COUNT_EVERY_MS;
  return {
    ...trouble,
    ...(isCounted && { failures: trouble.failures + 1, countedAt: now }),
    // Tasks are polled all the time, so a failed query doesn't postpone the next probe.
    ...(isPaid && { probeAt }),
  };
}

const KIND_OF: Partial<Record<Attempt['outcome'], AccountTroubleKind>> = {
  authentication: 'key-refused',
  credit: 'no-credit',
};

/**
 * The state after a look at the balance. The balance ends only trouble that it has confirmed: a create may be refused
 * for a reason that no balance shows, such as a price above the last coins.
 */
export function afterLook(
  trouble: AccountTrouble | null,
  finding: Finding,
  now: number,
): AccountTrouble | null {
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
    probeAt: Math.min(trouble.probeAt, now + PROBE_WHEN_FINE_MS),
  };
}

/**
 * Whether requests are refused and the owner is warned. Not before the balance was asked, since any service stumbles.
 * Never for a lack of credit that the balance denies: coins that don't pay for one request may pay for the next.
 */
export function isConfirmed({ kind, balance, failures }: AccountTrouble): boolean {
  if (balance === 'disagrees' && kind === 'no-credit') return false;
  return balance === 'agrees' || balance === 'silent' || failures >= CONFIRMED_AFTER;
}

/**
 * Whether the line is held. That includes the moment in which the balance is being asked, when one request after the
 * other would be refused.
 */
export function isBlocking(trouble: AccountTrouble): boolean {
  return isConfirmed(trouble) || trouble.balance === 'unasked';
}

/** Admits the caller's request as a probe, and no other until it is over; null when no probe is due. */
export function admitProbe(trouble: AccountTrouble, now: number): AccountTrouble | null {
  return now < trouble.probeAt ? null : { ...trouble, probeAt: now + PROBE_TAKES_MS };
}
