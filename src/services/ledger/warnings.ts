import type { Database } from './database.ts';

/** The troubles that the owner is warned of until they are over. */
export const WARNING_KINDS = ['key-refused', 'no-credit', 'low-balance'] as const;
export type WarningKind = (typeof WARNING_KINDS)[number];

/** Times are milliseconds since the epoch. */
export interface StoredWarning {
  readonly kind: WarningKind;
  readonly since: number;
  readonly toldAt: number | null;
  /** It is over, and the owner hasn't been told yet. */
  readonly isOver: boolean;
}

const SQL = {
  all: 'SELECT kind, since, told_at, over_at FROM warnings ORDER BY since',
  raise: 'INSERT INTO warnings (kind, since) VALUES (:kind, :now) ON CONFLICT DO NOTHING',
  begin: `INSERT INTO warnings (kind, since) VALUES (:kind, :now)
          ON CONFLICT (kind) DO UPDATE SET over_at = NULL WHERE warnings.over_at IS NOT NULL`,
  end: 'UPDATE warnings SET over_at = :now WHERE kind = :kind AND over_at IS NULL',
  markTold: 'UPDATE warnings SET told_at = :now WHERE kind = :kind AND told_at IS NULL',
  drop: 'DELETE FROM warnings WHERE kind = :kind',
} as const;

export interface WarningLedger {
  all(): Promise<StoredWarning[]>;
  /** Stores this warning; does nothing if it is already stored. */
  raise(kind: WarningKind): Promise<void>;
  /** Stores for all processes that the trouble has begun, or that it is over. */
  begin(kind: WarningKind): Promise<void>;
  end(kind: WarningKind): Promise<void>;
  markTold(kind: WarningKind): Promise<void>;
  /** Removes the warning once the owner knows that it is over, so that it can come again. */
  drop(kind: WarningKind): Promise<void>;
}

export function createWarningLedger(db: Database, now: () => number): WarningLedger {
  const statements = db.prepare(SQL);
  return {
    async all() {
      const rows = await db.read(() => statements.all.all());
      return rows.map((row) => ({
        kind: row.kind as WarningKind,
        since: row.since as number,
        toldAt: row.told_at as number | null,
        isOver: row.over_at !== null,
      }));
    },
    async raise(kind) {
      await db.write(() => statements.raise.run({ kind, now: now() }));
    },
    async begin(kind) {
      await db.write(() => statements.begin.run({ kind, now: now() }));
    },
    async end(kind) {
      await db.write(() => statements.end.run({ kind, now: now() }));
    },
    async markTold(kind) {
      await db.write(() => statements.markTold.run({ kind, now: now() }));
    },
    async drop(kind) {
      await db.write(() => statements.drop.run({ kind }));
    },
  };
}
