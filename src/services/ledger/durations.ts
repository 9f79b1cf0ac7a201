import type { Observation } from '../polling/progress.ts';
import type { Database } from './database.ts';

const SQL = {
  all: 'SELECT kind, took_ms, foretold_ms FROM durations ORDER BY id',
  add: 'INSERT INTO durations (kind, took_ms, foretold_ms) VALUES (:kind, :tookMs, :foretoldMs)',
  forget: `DELETE FROM durations WHERE kind = :kind AND id <=
             (SELECT id FROM durations WHERE kind = :kind ORDER BY id DESC LIMIT 1 OFFSET :kept)`,
} as const;

/** More than anybody looks back. */
const KEPT_OF_KIND = 100;

/** How long the service's tasks took, by kind. Nothing of it is personal: it stays when generations are deleted. */
export interface DurationLedger {
  /** Of each kind the newest, oldest first. */
  all(): Promise<Map<string, Observation[]>>;
  add(kind: string, observation: Observation): Promise<void>;
}

export function createDurationLedger(db: Database): DurationLedger {
  const statements = db.prepare(SQL);
  return {
    async all() {
      const rows = (await db.read(() => statements.all.all())).map((row) => ({
        kind: row.kind as string,
        observation: { tookMs: row.took_ms as number, foretoldMs: row.foretold_ms as number | null },
      }));
      const kinds = Map.groupBy(rows, ({ kind }) => kind);
      return new Map([...kinds].map(([kind, of]) => [kind, of.map(({ observation }) => observation)]));
    },
    add: (kind, { tookMs, foretoldMs }) =>
      db.write(function* () {
        yield* statements.add.run({
          kind,
          tookMs: Math.round(tookMs),
          foretoldMs: foretoldMs === null ? null : Math.round(foretoldMs),
        });
        yield* statements.forget.run({ kind, kept: KEPT_OF_KIND });
      }),
  };
}
