/** The unit that the limits per day count. */
export type Unit = 'images' | 'coins';

/** How much people may ask for; null is no limit. */
export interface Limits {
  /** Requests whose images are being made. */
  readonly running: number | null;
  /** Requests that wait for others to finish. */
  readonly waiting: number | null;
  /** Images or coins within 24 hours. */
  readonly perDay: number | null;
}

/** The limits for everybody together. */
export interface OverallLimits {
  /** Images being made at the service at once. */
  readonly tasks: number | null;
  readonly perDay: number | null;
}

/** The host's limits: for each person everywhere, and for each server. */
export interface HostLimits {
  readonly person: Limits;
  readonly server: Limits;
  readonly overall: OverallLimits;
  readonly unit: Unit;
}

/** A server's own limits: for each member there, and for all of them together. */
export interface ServerLimits {
  readonly member: Limits;
  readonly server: Limits;
}

/** Every limit that applies to a request. `member` counts only the person's requests in this server. */
export interface RequestLimits extends HostLimits {
  readonly member: Limits;
}

/**
 * The requests that a limit counts: the person's everywhere, the person's in this server, everybody's in this server.
 */
export const SCOPES = ['person', 'member', 'server'] as const;
export type Scope = (typeof SCOPES)[number];

/** How many requests may run at once. A waiting request keeps only this part of its limits. */
export type RunningLimits = Readonly<Record<Scope, number | null>>;

export function runningOf({ person, member, server }: RequestLimits): RunningLimits {
  return { person: person.running, member: member.running, server: server.running };
}

/** Why a request is refused now. The views choose the words; times are milliseconds since the epoch. */
export type LimitRefusal =
  /** The request has more images than may be made at once, so it could never start. */
  | { readonly kind: 'too-many-at-once'; readonly limit: number }
  /** `freeAt` is roughly when the next one moves up, if that can be estimated. */
  | {
      readonly kind: 'waiting';
      readonly scope: Scope;
      readonly limit: number;
      readonly freeAt: number | null;
    }
  /** Null when the request alone exceeds the limit. */
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
 * The limits of a request: the host's, and in a server also that server's own. A server can be stricter than the host,
 * never more generous.
 */
export function limitsFor(
  host: HostLimits,
  place: { readonly guildId: string | null; readonly own?: ServerLimits | null },
): RequestLimits {
  if (place.guildId === null) return { ...host, member: NO_LIMITS, server: NO_LIMITS };
  const { member = NO_LIMITS, server = NO_LIMITS } = place.own ?? {};
  return { ...host, member, server: stricter(host.server, server) };
}

/** The lower of each pair of limits. */
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

/** How many more the limit allows. */
export function room(limit: number | null, used: number): number {
  return limit === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - used);
}

/** One person's unfinished requests. */
export interface Load {
  readonly userId: string;
  readonly waiting: number;
  readonly running: number;
}

/**
 * How many more requests like this one can be at the service at once, after the waiting requests of everybody outside
 * the person or the server.
 */
export interface RoomOverall {
  readonly besidesPerson: number;
  readonly besidesServer: number;
}

/** The existing requests in each scope. */
export type Loads = Readonly<Record<Scope, readonly Load[]>>;

/**
 * Whether one more request may wait even if none of the waiting ones could start. This is usually true, and saves
 * counting everybody's requests, which takes longer than all other checks.
 */
export function hasRoomAnyway(limits: RequestLimits, loads: Loads, userId: string): boolean {
  const waiting = (scope: Scope) => sum(withOneMore(loads[scope], userId), 'waiting');
  return SCOPES.every((scope) => waiting(scope) <= (limits[scope].waiting ?? Number.POSITIVE_INFINITY));
}

/**
 * The scope in which too many requests would wait if this person asked for one more. A request that can start at once
 * doesn't count as waiting, even if it hasn't started yet. But somebody else who waits may take the free room.
 */
export function findCrowded(
  limits: RequestLimits,
  loads: Loads,
  userId: string,
  overall: RoomOverall,
): Scope | null {
  const more = {
    person: withOneMore(loads.person, userId),
    member: withOneMore(loads.member, userId),
    server: withOneMore(loads.server, userId),
  };
  const roomIn = (scope: Scope, ahead = 0) =>
    room(limits[scope].running, sum(loads[scope], 'running') + ahead);
  const others = loads.server.filter((load) => load.userId !== userId);
  const own = Math.min(
    overall.besidesPerson,
    roomIn('server', sum(others, 'waiting')),
    roomIn('person'),
    roomIn('member'),
  );
  const inServer = Math.min(overall.besidesServer, roomIn('server'));
  const each = lower(limits.person.running, limits.member.running);
  const left = {
    person: leftWaiting(more.person, null, own),
    member: leftWaiting(more.member, null, own),
    server: leftWaiting(more.server, each, inServer),
  };
  return SCOPES.find((scope) => left[scope] > (limits[scope].waiting ?? left[scope])) ?? null;
}

/** The room when nothing limits everybody's requests together. */
export const UNBOUNDED: RoomOverall = {
  besidesPerson: Number.POSITIVE_INFINITY,
  besidesServer: Number.POSITIVE_INFINITY,
};

/** How many of these wouldn't start at once, if each person may run `each` and all together `more` than now. */
function leftWaiting(loads: readonly Load[], each: number | null, more: number): number {
  const startable = loads.reduce((sum, load) => sum + Math.min(load.waiting, room(each, load.running)), 0);
  return sum(loads, 'waiting') - Math.min(startable, more);
}

function withOneMore(loads: readonly Load[], userId: string): readonly Load[] {
  const own = loads.find((load) => load.userId === userId) ?? { userId, waiting: 0, running: 0 };
  return [...loads.filter((load) => load !== own), { ...own, waiting: own.waiting + 1 }];
}

function sum(loads: readonly Load[], what: 'waiting' | 'running'): number {
  return loads.reduce((sum, load) => sum + load[what], 0);
}
