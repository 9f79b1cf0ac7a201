/** How much may be asked for; null is no limit. */
export interface Limits {
  /** Requests whose images are being made. */
  readonly running: number | null;
  /** Requests that wait until others are done. */
  readonly waiting: number | null;
  /** Images within 24 hours, or coins where they have a price. */
  readonly perDay: number | null;
}

/** For everybody together. */
export interface OverallLimits {
  /** Images being made at the service at once. */
  readonly tasks: number | null;
  readonly perDay: number | null;
}

/** What the bot's host allows: each person and each server, wherever they are. */
export interface HostLimits {
  readonly person: Limits;
  readonly server: Limits;
  readonly overall: OverallLimits;
}

/** What a server allows by itself: each of its members there, and all of them together. */
export interface ServerLimits {
  readonly member: Limits;
  readonly server: Limits;
}

/** Every limit that applies to a request. `member` is about what the person asked for in this server alone. */
export interface RequestLimits extends HostLimits {
  readonly member: Limits;
}

export type Scope = 'person' | 'member' | 'server';

/** How many requests may run at once: what a request that waits keeps of its limits. */
export type RunningLimits = Readonly<Record<Scope, number | null>>;

/** Why a request is not taken on now. The wording is the views' business; times are milliseconds since the epoch. */
export type LimitRefusal =
  /** More images in one request than may be made at once: it could never start. */
  | { readonly kind: 'too-many-at-once'; readonly limit: number }
  /** `freeAt` is about when the next one moves up, where that can be told. */
  | {
      readonly kind: 'waiting';
      readonly scope: Scope;
      readonly limit: number;
      readonly freeAt: number | null;
    }
  /** Null where the request alone is more than the limit. */
  | {
      readonly kind: 'per-day';
      readonly scope: Scope | 'overall';
      readonly limit: number;
      readonly used: number;
      readonly wanted: number;
      readonly freeAt: number | null;
    };

export const NO_LIMITS: Limits = { running: null, waiting: null, perDay: null };

/** How far back the limits per day look. */
export const LIMIT_WINDOW_MS = 24 * 60 * 60_000;

/**
 * The limits of a request: the host's, and where it is made in a server, that server's own besides. A server can be
 * stricter than the host, never more generous.
 */
export function limitsFor(
  host: HostLimits,
  place: { readonly guildId: string | null; readonly own?: ServerLimits | null },
): RequestLimits {
  if (place.guildId === null) return { ...host, member: NO_LIMITS, server: NO_LIMITS };
  const { member = NO_LIMITS, server = NO_LIMITS } = place.own ?? {};
  return { ...host, member, server: stricter(host.server, server) };
}

/** Of two limits the lower one, each by itself. */
export function stricter(one: Limits, other: Limits): Limits {
  return {
    running: lower(one.running, other.running),
    waiting: lower(one.waiting, other.waiting),
    perDay: lower(one.perDay, other.perDay),
  };
}

function lower(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

/** How many more there may be. */
export function room(limit: number | null, used: number): number {
  return limit === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - used);
}
