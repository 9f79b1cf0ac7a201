import type { RunningLimits } from '../request/limits.ts';
import type { Database, Row } from './database.ts';
import { openTasks } from './open-tasks.ts';
import { runningLimitsFromRow } from './rows.ts';

const WAITS = 'settled_at IS NULL AND started_at IS NULL';

const SQL = {
  waiting: `SELECT id, user_id, guild_id, running_limits, count, coalesce(waiting_since, created_at) AS since
            FROM generations WHERE ${WAITS}`,
  running: `SELECT user_id, guild_id, count(DISTINCT id) AS requests, count(*) AS tasks, min(busy_until) AS busy_until
            FROM (${openTasks('started_at IS NOT NULL')}) AS open_tasks GROUP BY user_id, guild_id`,
  start: `UPDATE generations SET started_at = :now WHERE id = :id AND ${WAITS}`,
  putBack: 'UPDATE generations SET started_at = NULL WHERE id = :id',
  over: `UPDATE generations INDEXED BY generations_open_of_user SET waiting_since = :now WHERE user_id = :userId AND ${WAITS}`,
} as const;

/** A request that waits for its turn. */
export interface WaitingRow {
  readonly id: string;
  readonly userId: string;
  readonly guildId: string | null;
  readonly limits: RunningLimits;
  readonly tasks: number;
  /** Since it arrived, or since its person's last turn ended. */
  readonly since: number;
}

/** The running requests of one person in one place. */
export interface RunningRow {
  readonly userId: string;
  readonly guildId: string | null;
  readonly requests: number;
  readonly tasks: number;
  /** When the service will presumably finish the next task that nobody waits for any more. */
  readonly busyUntil: number | null;
}

/** The state of the turns in the ledger. */
export interface TurnLedger {
  read(): Promise<{ readonly waiting: readonly WaitingRow[]; readonly running: readonly RunningRow[] }>;
  /** Writes that these requests have begun. */
  start(ids: readonly string[]): Promise<void>;
  /** Writes that it waits for its turn again. */
  putBack(id: string): Promise<void>;
  /** Writes that a turn of the person has ended. People who have waited since before that then come first. */
  over(userId: string): Promise<void>;
}

export function createTurnLedger(db: Database, now: () => number): TurnLedger {
  const statements = db.prepare(SQL);
  return {
    read: () =>
      db.readAtOnce(function* () {
        const waiting = yield* statements.waiting.all();
        const running = yield* statements.running.all({ now: now() });
        return { waiting: waiting.map(waitingFromRow), running: running.map(runningFromRow) };
      }),
    start: (ids) =>
      db.write(function* () {
        for (const id of ids) yield* statements.start.run({ id, now: now() });
      }),
    async putBack(id) {
      await db.write(() => statements.putBack.run({ id }));
    },
    async over(userId) {
      await db.write(() => statements.over.run({ userId, now: now() }));
    },
  };
}

function waitingFromRow(row: Row): WaitingRow {
  return {
    id: row.id as string,
    userId: row.user_id as string,
    guildId: row.guild_id as string | null,
    limits: runningLimitsFromRow(row),
    tasks: row.count as number,
    since: row.since as number,
  };
}

function runningFromRow(row: Row): RunningRow {
  return {
    userId: row.user_id as string,
    guildId: row.guild_id as string | null,
    requests: row.requests as number,
    tasks: row.tasks as number,
    busyUntil: row.busy_until as number | null,
  };
}
