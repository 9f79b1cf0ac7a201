import type { Observation } from '../polling/progress.ts';
import type { Database, Row } from './database.ts';

const SQL = {
  all: 'SELECT kind, took_ms, foretold_ms FROM durations ORDER BY id',
  of: 'SELECT took_ms, foretold_ms FROM durations WHERE kind = :kind ORDER BY id',
  add: 'INSERT INTO durations (kind, took_ms, foretold_ms) VALUES (:kind, :tookMs, :foretoldMs)',
  forget: `DELETE FROM durations WHERE kind = :kind AND id <=
             (SELECT id FROM durations WHERE kind = :kind ORDER BY id DESC LIMIT 1 OFFSET :kept)`,
} as const;

/** More than the schedule ever reads. */
const KEPT_OF_KIND = 100;

/** The durations of the service's tasks, by kind. They aren't personal, so they stay when generations are deleted. */
export interface DurationLedger {
  /** The newest of each kind, oldest first. */
  all(): Promise<Map<string, Observation[]>>;
  /** Returns the newest of the kind, oldest first. Those of other processes are among them. */
  add(kind: string, observation: Observation): Promise<Observation[]>;
}

export function createDurationLedger(db: Database): DurationLedger {
  const statements = db.prepare(SQL);
  return {
    async all() {
      const rows = (await db.read(() => statements.all.all())).map((row) => ({
        kind: row.kind as string,
        observation: observationFromRow(row),
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
        return (yield* statements.of.all({ kind })).map(observationFromRow);
      }),
  };
}

function observationFromRow(row: Row): Observation {
  return { tookMs: row.took_ms as number, foretoldMs: row.foretold_ms as number | null };
}
