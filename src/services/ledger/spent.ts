import type { DatabaseSync } from 'node:sqlite';
import { LIMIT_WINDOW_MS, type Scope, type Unit } from '../request/limits.ts';
import { prepareAll } from './sqlite/statements.ts';

/** Prices with fractions don't add up exactly. */
export const ROUNDING = 1e-9;
/** What `charge_sums` adds up in one row. */
export const SUM_MS = 15 * 60_000;

/** Whose charges, and how far back. */
export interface Whose {
  readonly userId: string;
  readonly guildId: string | null;
  readonly since: number;
}

/** What counts towards one limit per day. */
export interface Spent {
  used(whose: Whose): number;
  /** When enough of the charges, oldest first, will be older than the limits look back. */
  whenFree(whose: Whose, excess: number): number | null;
}

/**
 * What is spent in each scope. A person's own charges of a day are few; everybody's, and a server's, are added up by
 * the quarter of an hour, and only the quarter in which the day begins is read charge by charge.
 */
export function createSpent(db: DatabaseSync, unit: Unit): Record<Scope | 'overall', Spent> {
  return {
    person: spentByCharge(db, unit, 'user_id = :userId'),
    member: spentByCharge(db, unit, 'user_id = :userId AND guild_id = :guildId'),
    server: spentBySums(db, unit, 'guild_id = :guildId', ':guildId'),
    overall: spentBySums(db, unit, 'TRUE', "''"),
  };
}

/** What one charge counts. */
const OF_CHARGE: Record<Unit, string> = { images: '1', coins: 'coins' };

function spentByCharge(db: DatabaseSync, unit: Unit, those: string): Spent {
  const statements = prepareFor(db, {
    used: `SELECT total(${OF_CHARGE[unit]}) AS used FROM charges WHERE ${those} AND charged_at > :since`,
    charges: chargesOf(unit, those),
  });
  return {
    used: (whose) => Number(statements.used.get({ ...whose })?.used),
    whenFree: (whose, excess) => whenFree(statements.charges.iterate({ ...whose }), excess),
  };
}

function spentBySums(db: DatabaseSync, unit: Unit, those: string, sumsOf: string): Spent {
  const statements = prepareFor(db, {
    edge: `SELECT total(${OF_CHARGE[unit]}) AS used FROM charges
           WHERE ${those} AND charged_at > :since AND charged_at < :whole`,
    whole: `SELECT total(${unit}) AS used FROM charge_sums WHERE guild_id = ${sumsOf} AND starts_at >= :whole`,
    sums: `SELECT ${unit} AS used, starts_at AS startsAt FROM charge_sums WHERE guild_id = ${sumsOf} AND starts_at >= :whole
           ORDER BY starts_at`,
    charges: chargesOf(unit, those),
  });
  /** With when the first quarter begins that counts as a whole. */
  const withWhole = (whose: Whose) => ({ ...whose, whole: (Math.floor(whose.since / SUM_MS) + 1) * SUM_MS });
  const used = (name: 'edge' | 'whole', whose: ReturnType<typeof withWhole>) =>
    Number(statements[name].get(whose)?.used);

  /** From where on the charges must be read one by one, and how much of the excess is left by then. */
  function skipQuarters(
    whose: ReturnType<typeof withWhole>,
    excess: number,
  ): { since: number; left: number } {
    let left = excess - used('edge', whose);
    if (left <= ROUNDING) return { since: whose.since, left: excess };
    let since = whose.whole - 1;
    for (const sum of statements.sums.iterate(whose)) {
      if (left - Number(sum.used) <= ROUNDING) break;
      left -= Number(sum.used);
      since = Number(sum.startsAt) + SUM_MS - 1;
    }
    return { since, left };
  }

  return {
    used(whose) {
      const from = withWhole(whose);
      return used('edge', from) + used('whole', from);
    },
    whenFree(whose, excess) {
      const { since, left } = skipQuarters(withWhole(whose), excess);
      return whenFree(statements.charges.iterate({ ...whose, since }), left);
    },
  };
}

function chargesOf(unit: Unit, those: string): string {
  return `SELECT ${OF_CHARGE[unit]} AS counts, charged_at AS chargedAt FROM charges WHERE ${those} AND charged_at > :since ORDER BY charged_at`;
}

function prepareFor<Name extends string>(db: DatabaseSync, sql: Record<Name, string>) {
  const statements = prepareAll(db, sql);
  for (const name in statements) {
    // One set of parameters for all of them.
    statements[name].setAllowUnknownNamedParameters(true);
  }
  return statements;
}

function whenFree(charges: Iterable<Record<string, unknown>>, excess: number): number | null {
  let freed = 0;
  for (const { counts, chargedAt } of charges) {
    freed += Number(counts);
    if (freed >= excess - ROUNDING) return Number(chargedAt) + LIMIT_WINDOW_MS;
  }
  return null;
}
