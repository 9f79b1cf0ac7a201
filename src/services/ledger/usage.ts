import {
  findCrowded,
  hasRoomAnyway,
  LIMIT_WINDOW_MS,
  type LimitRefusal,
  type Load,
  type RequestLimits,
  type RoomOverall,
  room,
  SCOPES,
  type Scope,
  UNBOUNDED,
} from '../request/limits.ts';
import type { Database, Steps } from './database.ts';
import { openTasks } from './open-tasks.ts';
import { createSpent, ROUNDING } from './spent.ts';
import { together } from './together.ts';

/** A request, with the facts that the limits need. */
export interface Wanted {
  readonly userId: string;
  readonly guildId: string | null;
  readonly limits: RequestLimits;
  /** The number of images, and the expected cost of each in coins. */
  readonly count: number;
  readonly cost: number;
}

const TASKS = `SELECT count(*) FILTER (WHERE started_at IS NOT NULL) AS "atWork",
    count(*) FILTER (WHERE started_at IS NULL AND user_id <> :userId) AS "ofOthers",
    count(*) FILTER (WHERE started_at IS NULL AND guild_id IS DISTINCT FROM :guildId) AS "ofOtherServers"
  FROM (${openTasks('TRUE')}) AS open_tasks`;

/** Returns a function that finds the limit that a request would exceed at this moment; null when it exceeds none. */
export function createUsage(db: Database): (wanted: Wanted, now: number) => Steps<LimitRefusal | null> {
  const { open } = db.prepare({ open: TASKS });
  const loads = db.prepare({
    person: loadsOf('user_id = :userId'),
    member: loadsOf('user_id = :userId AND guild_id = :guildId'),
    server: loadsOf('guild_id = :guildId'),
  });
  const spent = { images: createSpent(db, 'images'), coins: createSpent(db, 'coins') };

  function* roomOverall({ limits, userId, guildId, count }: Wanted, now: number): Steps<RoomOverall> {
    const { tasks } = limits.overall;
    // Counting takes time with thousands under way, so it is skipped without this limit.
    if (tasks === null) return UNBOUNDED;
    const row = yield* open.get({ userId, guildId, now });
    const { atWork, ofOthers, ofOtherServers } = row as Record<string, number>;
    const more = (waiting: number) => Math.floor(room(tasks, Number(atWork) + waiting) / count);
    return { besidesPerson: more(Number(ofOthers)), besidesServer: more(Number(ofOtherServers)) };
  }

  function* loadsIn(scope: Scope, { limits, userId, guildId }: Wanted, now: number): Steps<readonly Load[]> {
    const { running, waiting } = limits[scope];
    if (running === null && waiting === null) return [];
    return (yield* loads[scope].all({ userId, guildId, now })) as unknown as Load[];
  }

  function* findWaiting(wanted: Wanted, now: number): Steps<LimitRefusal | null> {
    const { limits, userId } = wanted;
    const [person, member, server] = yield* together(
      loadsIn('person', wanted, now),
      loadsIn('member', wanted, now),
      loadsIn('server', wanted, now),
    );
    const found = { person, member, server };
    if (hasRoomAnyway(limits, found, userId)) return null;
    // A person who asks for too much is mostly refused by their own limits. Counting everybody's work takes far longer.
    const scope =
      findCrowded(limits, found, userId, UNBOUNDED) ??
      findCrowded(limits, found, userId, yield* roomOverall(wanted, now));
    return scope && { kind: 'waiting', scope, limit: limits[scope].waiting ?? 0, freeAt: null };
  }

  function* findSpent(scope: Scope | 'overall', wanted: Wanted, now: number): Steps<PerDay[]> {
    const { limits, userId, guildId } = wanted;
    const limit = limits[scope].perDay;
    if (limit === null) return [];
    const more = limits.unit === 'coins' ? wanted.count * wanted.cost : wanted.count;
    const whose = { userId, guildId, since: now - LIMIT_WINDOW_MS };
    const inUnit = spent[limits.unit][scope];
    const used = yield* inUnit.used(whose);
    const excess = used + more - limit;
    if (excess <= ROUNDING) return [];
    const freeAt = more > limit + ROUNDING ? null : yield* inUnit.whenFree(whose, excess);
    return [{ kind: 'per-day', scope, limit, used, wanted: more, freeAt }];
  }

  /** The limit per day that refuses the request for longest. */
  function* findPerDay(wanted: Wanted, now: number): Steps<PerDay | null> {
    const scopes = [...SCOPES, 'overall' as const];
    const exceeded = (yield* together(...scopes.map((scope) => findSpent(scope, wanted, now)))).flat();
    const until = ({ freeAt }: PerDay) => freeAt ?? Number.POSITIVE_INFINITY;
    return exceeded.sort((one, other) => until(other) - until(one))[0] ?? null;
  }

  return function* refusalOf(wanted, now) {
    const { tasks } = wanted.limits.overall;
    if (tasks !== null && wanted.count > tasks) return { kind: 'too-many-at-once', limit: tasks };
    return (yield* findPerDay(wanted, now)) ?? (yield* findWaiting(wanted, now));
  };
}

type PerDay = Extract<LimitRefusal, { kind: 'per-day' }>;

function loadsOf(those: string): string {
  return `SELECT user_id AS "userId", count(DISTINCT id) FILTER (WHERE started_at IS NULL) AS waiting,
      count(DISTINCT id) FILTER (WHERE started_at IS NOT NULL) AS running
    FROM (${openTasks(those)}) AS open_tasks GROUP BY user_id`;
}
