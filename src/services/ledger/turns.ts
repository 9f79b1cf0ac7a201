import type { RunningLimits } from '../request/limits.ts';
import type { Database, Row, Steps } from './database.ts';
import { createFence, isHeld, isServed } from './leases.ts';
import { openTasks } from './open-tasks.ts';
import { runningLimitsFromRow } from './rows.ts';

const WAITS = 'settled_at IS NULL AND started_at IS NULL';

const SQL = (db: Database) => ({
  waiting: `SELECT id, user_id, guild_id, running_limits, count, coalesce(waiting_since, created_at) AS since,
              CASE WHEN lease_owner <> :owner AND acknowledged_at IS NOT NULL AND cancel_requested_at IS NULL
                THEN 1 ELSE 0 END AS is_elsewhere
            FROM generations WHERE ${WAITS} AND ${isServed(db)}`,
  running: `SELECT user_id, guild_id, count(DISTINCT id) AS requests, count(*) AS tasks, min(busy_until) AS busy_until
            FROM (${openTasks('started_at IS NOT NULL')}) AS open_tasks GROUP BY user_id, guild_id`,
  start: `UPDATE generations SET started_at = :now WHERE id = :id AND ${WAITS} AND ${isHeld(db)}`,
  putBack: `UPDATE generations SET started_at = NULL WHERE id = :id AND ${isHeld(db)}`,
  over: `UPDATE generations INDEXED BY generations_open_of_user SET waiting_since = :now WHERE user_id = :userId AND ${WAITS}`,
});

/** The lock of the one process that decides at a time who may begin. */
const THE_LINE = 'the line';

/** A request that waits for its turn. */
export interface WaitingRow {
  readonly id: string;
  readonly userId: string;
  readonly guildId: string | null;
  readonly limits: RunningLimits;
  readonly tasks: number;
  /** Since it arrived, or since its person's last turn ended. */
  readonly since: number;
  /** It waits in another process, which lets it begin. */
  readonly isElsewhere: boolean;
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

/** Who waits for a turn, and what runs. */
export interface Line {
  readonly waiting: readonly WaitingRow[];
  readonly running: readonly RunningRow[];
}

/** The state of the turns in the ledger. Only generations that a process serves wait in line. */
export interface TurnLedger {
  /** Whether this process alone decides. Then requests may begin although that could not be written. */
  readonly decidesAlone: boolean;
  read(): Promise<Line>;
  /**
   * Reads the line, and writes that the requests have begun that `choose` returns: ids that this process serves. Other
   * processes don't decide meanwhile. `choose` may be called again if the first try fails.
   */
  decide(choose: (line: Line) => readonly string[]): Promise<void>;
  /** Writes that it waits for its turn again. Throws a LeaseLostError if this process doesn't hold it. */
  putBack(id: string): Promise<void>;
  /** Writes that a turn of the person has ended. People who have waited since before that then come first. */
  over(userId: string): Promise<void>;
}

export function createTurnLedger(db: Database, now: () => number, owner: string): TurnLedger {
  const statements = db.prepare(SQL(db));
  const fence = createFence(db, owner);

  function* line(): Steps<Line> {
    const waiting = yield* statements.waiting.all({ owner });
    const running = yield* statements.running.all({ now: now() });
    return { waiting: waiting.map(waitingFromRow), running: running.map(runningFromRow) };
  }

  function* start(ids: readonly string[]): Steps<void> {
    for (const id of ids) yield* statements.start.run({ id, owner, now: now() });
  }

  const read = () => db.readAtOnce(line);
  return {
    decidesAlone: !db.isShared,
    read,
    async decide(choose) {
      const decide = function* () {
        yield* start(choose(yield* line()));
      };
      if (db.isShared) return db.write(decide, THE_LINE);
      // Nobody else can come in between, and mostly there is nothing to write.
      const ids = choose(await read());
      if (ids.length > 0) await db.write(() => start(ids));
    },
    putBack: (id) =>
      db.write(function* () {
        if ((yield* statements.putBack.run({ id, owner })) === 0) yield* fence(id);
      }),
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
    isElsewhere: row.is_elsewhere === 1,
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
