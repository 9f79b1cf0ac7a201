import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  findCrowded,
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
import { openTasks } from './open-tasks.ts';
import { createSpent, ROUNDING } from './spent.ts';

/** A request as the limits see it. */
export interface Wanted {
  readonly userId: string;
  readonly guildId: string | null;
  readonly limits: RequestLimits;
  /** How many images, and what each is expected to cost in coins. */
  readonly count: number;
  readonly cost: number;
}

const TASKS = `SELECT count(*) FILTER (WHERE started_at IS NOT NULL) AS atWork,
    count(*) FILTER (WHERE started_at IS NULL AND user_id <> :userId) AS ofOthers,
    count(*) FILTER (WHERE started_at IS NULL AND guild_id IS NOT :guildId) AS ofOtherServers
  FROM (${openTasks('TRUE')})`;

/** Tells which limit a request would exceed, by what the ledger holds at this moment; null where it exceeds none. */
export function createUsage(db: DatabaseSync): (wanted: Wanted, now: number) => LimitRefusal | null {
  const tasksOpen = db.prepare(TASKS);
  const loads = {
    person: prepareLoads(db, 'user_id = :userId'),
    member: prepareLoads(db, 'user_id = :userId AND guild_id = :guildId'),
    server: prepareLoads(db, 'guild_id = :guildId'),
  };
  const spent = { images: createSpent(db, 'images'), coins: createSpent(db, 'coins') };

  function roomOverall({ limits, userId, guildId, count }: Wanted, now: number): RoomOverall {
    const { tasks } = limits.overall;
    // Counting costs something with thousands under way.
    if (tasks === null) return UNBOUNDED;
    const open = tasksOpen.get({ userId, guildId, now }) as Record<
      'atWork' | 'ofOthers' | 'ofOtherServers',
      number
    >;
    const more = (waiting: number) => Math.floor(room(tasks, open.atWork + waiting) / count);
    return { besidesPerson: more(open.ofOthers), besidesServer: more(open.ofOtherServers) };
  }

  function findWaiting(wanted: Wanted, now: number): LimitRefusal | null {
    const { limits, userId, guildId } = wanted;
    const loadsIn = (scope: Scope): readonly Load[] => {
      const { running, waiting } = limits[scope];
      if (running === null && waiting === null) return [];
      return loads[scope].all({ userId, guildId, now }) as unknown as Load[];
    };
    const found = { person: loadsIn('person'), member: loadsIn('member'), server: loadsIn('server') };
    const scope = findCrowded(limits, found, userId, () => roomOverall(wanted, now));
    return scope && { kind: 'waiting', scope, limit: limits[scope].waiting ?? 0, freeAt: null };
  }

  function findSpent(scope: Scope | 'overall', wanted: Wanted, now: number): PerDay[] {
    const { limits, userId, guildId } = wanted;
    const limit = limits[scope].perDay;
    if (limit === null) return [];
    const more = limits.unit === 'coins' ? wanted.count * wanted.cost : wanted.count;
    const whose = { userId, guildId, since: now - LIMIT_WINDOW_MS };
    const inUnit = spent[limits.unit][scope];
    const used = inUnit.used(whose);
    const excess = used + more - limit;
    if (excess <= ROUNDING) return [];
    const freeAt = more > limit + ROUNDING ? null : inUnit.whenFree(whose, excess);
    return [{ kind: 'per-day', scope, limit, used, wanted: more, freeAt }];
  }

  /** The limit per day that keeps the request away for longest. */
  function findPerDay(wanted: Wanted, now: number): PerDay | null {
    const exceeded = [...SCOPES, 'overall' as const].flatMap((scope) => findSpent(scope, wanted, now));
    const until = ({ freeAt }: PerDay) => freeAt ?? Number.POSITIVE_INFINITY;
    return exceeded.sort((one, other) => until(other) - until(one))[0] ?? null;
  }

  return (wanted, now) => {
    const { tasks } = wanted.limits.overall;
    if (tasks !== null && wanted.count > tasks) return { kind: 'too-many-at-once', limit: tasks };
    return findPerDay(wanted, now) ?? findWaiting(wanted, now);
  };
}

type PerDay = Extract<LimitRefusal, { kind: 'per-day' }>;

function prepareLoads(db: DatabaseSync, those: string): StatementSync {
  const statement =
    db.prepare(`SELECT user_id AS userId, count(DISTINCT id) FILTER (WHERE started_at IS NULL) AS waiting,
      count(DISTINCT id) FILTER (WHERE started_at IS NOT NULL) AS running
    FROM (${openTasks(those)}) GROUP BY user_id`);
  // One set of parameters for all of them.
  statement.setAllowUnknownNamedParameters(true);
  return statement;
}
