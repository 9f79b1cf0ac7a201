import { LIMIT_WINDOW_MS, type Scope, type Unit } from '../request/limits.ts';
import type { Database, Statement, Steps } from './database.ts';

/** Sums of fractional prices aren't exact. */
export const ROUNDING = 1e-9;
/** The time span of one row of `charge_sums`. */
export const SUM_MS = 15 * 60_000;
const ROWS_READ_PER_STEP = 200;

/** The owner of the charges, and the beginning of the period. */
export interface Whose {
  readonly userId: string;
  readonly guildId: string | null;
  readonly since: number;
}

/** The charges that count towards one limit per day. */
export interface Spent {
  used(whose: Whose): Steps<number>;
  /** When enough of the charges, oldest first, will be older than the limits' window. */
  whenFree(whose: Whose, excess: number): Steps<number | null>;
}

/**
 * The spending in each scope. A person has few charges in a day. Those of everybody, and of a server, are summed up by
 * the quarter of an hour, and only the quarter in which the window begins is read charge by charge.
 */
export function createSpent(db: Database, unit: Unit): Record<Scope | 'overall', Spent> {
  return {
    person: spentByCharge(db, unit, 'user_id = :userId'),
    member: spentByCharge(db, unit, 'user_id = :userId AND guild_id = :guildId'),
    server: spentBySums(db, unit, 'guild_id = :guildId', ':guildId'),
    overall: spentBySums(db, unit, 'TRUE', "''"),
  };
}

/** The amount that one charge counts. */
const OF_CHARGE: Record<Unit, string> = { images: '1', coins: 'coins' };

function spentByCharge(db: Database, unit: Unit, those: string): Spent {
  const statements = db.prepare({
    used: `SELECT coalesce(sum(${OF_CHARGE[unit]}), 0) AS used FROM charges WHERE ${those} AND charged_at > :since`,
    charges: chargesOf(unit, those),
  });
  return {
    used: (whose) => usedBy(statements.used, whose),
    whenFree: (whose, excess) => whenFree(statements.charges, whose, excess),
  };
}

function spentBySums(db: Database, unit: Unit, those: string, sumsOf: string): Spent {
  const edge = `SELECT coalesce(sum(${OF_CHARGE[unit]}), 0) AS used FROM charges
                WHERE ${those} AND charged_at > :since AND charged_at < :whole`;
  const whole = `SELECT coalesce(sum(${unit}), 0) FROM charge_sums WHERE guild_id = ${sumsOf} AND starts_at >= :whole`;
  const statements = db.prepare({
    edge,
    // Every request asks for this, and each question is a way to the server and back.
    used: `SELECT (${edge}) + (${whole}) AS used`,
    sums: `SELECT ${unit} AS used, starts_at AS "startsAt" FROM charge_sums WHERE guild_id = ${sumsOf} AND starts_at >= :whole
           ORDER BY starts_at`,
    charges: chargesOf(unit, those),
  });
  /** Adds the beginning of the first quarter that counts completely. */
  const withWhole = (whose: Whose) => ({ ...whose, whole: (Math.floor(whose.since / SUM_MS) + 1) * SUM_MS });

  /**
   * Skips whole quarters. Returns the time from which single charges must be read, and the excess that is left by then.
   */
  function* skipQuarters(whose: ReturnType<typeof withWhole>, excess: number): Steps<[number, number]> {
    let left = excess - (yield* usedBy(statements.edge, whose));
    if (left <= ROUNDING) return [whose.since, excess];
    let since = whose.whole - 1;
    for (const sum of yield* statements.sums.all(whose)) {
      if (left - Number(sum.used) <= ROUNDING) break;
      left -= Number(sum.used);
      since = Number(sum.startsAt) + SUM_MS - 1;
    }
    return [since, left];
  }

  return {
    used: (whose) => usedBy(statements.used, withWhole(whose)),
    *whenFree(whose, excess) {
      const [since, left] = yield* skipQuarters(withWhole(whose), excess);
      return yield* whenFree(statements.charges, { ...whose, since }, left);
    },
  };
}

function chargesOf(unit: Unit, those: string): string {
  return `SELECT ${OF_CHARGE[unit]} AS counts, charged_at AS "chargedAt" FROM charges WHERE ${those} AND charged_at > :since
          ORDER BY charged_at LIMIT :limit OFFSET :skipped`;
}

function* usedBy(statement: Statement, whose: Whose): Steps<number> {
  return Number((yield* statement.get({ ...whose }))?.used);
}

function* whenFree(charges: Statement, whose: Whose, excess: number): Steps<number | null> {
  let freed = 0;
  for (let skipped = 0; ; skipped += ROWS_READ_PER_STEP) {
    const rows = yield* charges.all({ ...whose, limit: ROWS_READ_PER_STEP, skipped });
    for (const { counts, chargedAt } of rows) {
      freed += Number(counts);
      if (freed >= excess - ROUNDING) return Number(chargedAt) + LIMIT_WINDOW_MS;
    }
    if (rows.length < ROWS_READ_PER_STEP) return null;
  }
}
