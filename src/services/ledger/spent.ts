import { LIMIT_WINDOW_MS, type Scope, type Unit } from '../request/limits.ts';
import type { Database, Statement, Steps } from './database.ts';

/** Prices with fractions don't add up exactly. */
export const ROUNDING = 1e-9;
/** What `charge_sums` adds up in one row. */
export const SUM_MS = 15 * 60_000;
const ROWS_READ_PER_STEP = 200;

/** Whose charges, and how far back. */
export interface Whose {
  readonly userId: string;
  readonly guildId: string | null;
  readonly since: number;
}

/** What counts towards one limit per day. */
export interface Spent {
  used(whose: Whose): Steps<number>;
  /** When enough of the charges, oldest first, will be older than the limits look back. */
  whenFree(whose: Whose, excess: number): Steps<number | null>;
}

/**
 * What is spent in each scope. A person's own charges of a day are few; everybody's, and a server's, are added up by
 * the quarter of an hour, and only the quarter in which the day begins is read charge by charge.
 */
export function createSpent(db: Database, unit: Unit): Record<Scope | 'overall', Spent> {
  return {
    person: spentByCharge(db, unit, 'user_id = :userId'),
    member: spentByCharge(db, unit, 'user_id = :userId AND guild_id = :guildId'),
    server: spentBySums(db, unit, 'guild_id = :guildId', ':guildId'),
    overall: spentBySums(db, unit, 'TRUE', "''"),
  };
}

/** What one charge counts. */
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
  const statements = db.prepare({
    edge: `SELECT coalesce(sum(${OF_CHARGE[unit]}), 0) AS used FROM charges
           WHERE ${those} AND charged_at > :since AND charged_at < :whole`,
    whole: `SELECT coalesce(sum(${unit}), 0) AS used FROM charge_sums WHERE guild_id = ${sumsOf} AND starts_at >= :whole`,
    sums: `SELECT ${unit} AS used, starts_at AS "startsAt" FROM charge_sums WHERE guild_id = ${sumsOf} AND starts_at >= :whole
           ORDER BY starts_at`,
    charges: chargesOf(unit, those),
  });
  /** With when the first quarter begins that counts as a whole. */
  const withWhole = (whose: Whose) => ({ ...whose, whole: (Math.floor(whose.since / SUM_MS) + 1) * SUM_MS });

  /** From where on the charges must be read one by one, and how much of the excess is left by then. */
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
    *used(whose) {
      const from = withWhole(whose);
      return (yield* usedBy(statements.edge, from)) + (yield* usedBy(statements.whole, from));
    },
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
