import type { Task } from '../../sandbox/jimmyai/index.ts';
import { rowsIn } from '../support/ledger-file.ts';

/** One request from the ledger. Times are milliseconds since the epoch. */
export interface Served {
  readonly userId: string;
  readonly guildId: string;
  readonly createdAt: number;
  /** Null when it never left the line. */
  readonly startedAt: number | null;
  /** When the last of its tasks was over at the service. */
  readonly overAt: number;
}

const SERVED = `SELECT user_id, guild_id, generations.created_at, started_at, max(coalesce(ended_at, settled_at)) AS over_at
                FROM generations JOIN tasks ON generation_id = generations.id GROUP BY generations.id`;
const GIVEN_UP = `SELECT service_task_id, coalesce(busy_until, ended_at) AS until FROM tasks
                  WHERE service_task_id IS NOT NULL AND state IN ('cancelled', 'expired')`;

/** Reads all requests that the bot has served, while it runs. */
export function readServed(path: string): Served[] {
  return rowsIn(path, SERVED).map((row) => ({
    userId: String(row.user_id),
    guildId: String(row.guild_id),
    createdAt: Number(row.created_at),
    startedAt: row.started_at === null ? null : Number(row.started_at),
    overAt: Number(row.over_at),
  }));
}

/**
 * When each task was at the service, by the service itself, but only as far as the bot can know it. Omits tasks whose
 * create had no answer. Tasks that the bot gave up count until the service has most likely finished, or until the
 * deadline.
 */
export function atService(tasks: readonly Task[], path: string): Span[] {
  const givenUp = new Map(rowsIn(path, GIVEN_UP).map((row) => [row.service_task_id, Number(row.until)]));
  return tasks
    .filter(({ misbehaviour }) => !(misbehaviour && 'at' in misbehaviour && misbehaviour.at === 'create'))
    .map(({ id, createdAt, endsAt }) => ({
      from: createdAt,
      to: Math.min(endsAt, givenUp.get(id) ?? endsAt),
    }));
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The most spans at the same time. A span that ends when another begins doesn't overlap it. */
export function mostAtOnce(spans: readonly Span[]): number {
  const changes = spans
    .filter(({ from, to }) => to > from)
    .flatMap(({ from, to }) => [
      { at: from, by: 1 },
      { at: to, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  let most = 0;
  for (const { by } of changes) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

export function running(served: readonly Served[]): Span[] {
  return served.flatMap(({ startedAt, overAt }) =>
    startedAt === null ? [] : { from: startedAt, to: overAt },
  );
}

export function open(served: readonly Served[]): Span[] {
  return served.map(({ createdAt, overAt }) => ({ from: createdAt, to: overAt }));
}

/** The most at once of any single person or server. */
export function mostOfAny(
  served: readonly Served[],
  by: 'userId' | 'guildId',
  spans: (served: readonly Served[]) => Span[],
): number {
  const groups = Map.groupBy(served, (one) => one[by]);
  return Math.max(0, ...[...groups.values()].map((group) => mostAtOnce(spans(group))));
}
