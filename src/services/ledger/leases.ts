import type { TakeBreak } from './breaks.ts';
import type { Database, Steps } from './database.ts';

/** A process that has died keeps its generations from the others for at most this long. */
export const LEASE_MS = 15_000;
/** How often a process renews its leases and looks for generations that nobody serves. Two renewals may fail in a row. */
export const RENEW_EVERY_MS = 4000;

/** A write was refused, because another process serves the generation, or may serve it by now. Nothing was written. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor(generationId: string) {
    super(`this process no longer holds the lease of generation ${generationId}`);
  }
}

/** What a process learns about the generations that it serves. */
export interface Renewal {
  /** Those that it no longer holds. */
  readonly lost: readonly string[];
  /** Those that the person no longer waits for. */
  readonly cancelled: readonly string[];
  /** Unsettled ones that it holds besides those that it asked about. */
  readonly besides: readonly string[];
}

/**
 * Who serves which generation. Only the process that holds a generation's lease writes about it, apart from what people
 * do to it: a cancel, a star, a deletion. `reserve` and `reopen` take the lease along with the row. A process's leases
 * last as long as its row in `processes`, so that one UPDATE renews them all.
 */
export interface LeaseLedger {
  /** How long a lease lasts unless it is renewed, in milliseconds. Infinite if it lasts as long as its process. */
  readonly lengthMs: number;
  /** Takes the leases of at most so many unsettled generations that nobody serves. Returns their ids, oldest first. */
  claim(most: number): Promise<string[]>;
  /** Extends all leases of this process. Returns what has become of these generations meanwhile, settled or not. */
  renew(ids: readonly string[]): Promise<Renewal>;
  /** Gives up the leases of these generations where this process holds them, so that others may take them at once. */
  release(ids: readonly string[]): Promise<void>;
}

/** The clock that all processes share is the database's. */
const IS_ALIVE = (db: Database) => `alive_until > ${db.clock}`;

/** The condition of every write about a generation by the process that serves it. */
export function isHeld(db: Database): string {
  return `lease_owner = :owner AND EXISTS (SELECT 1 FROM processes WHERE processes.id = :owner AND ${IS_ALIVE(db)})`;
}

/** The same for a table whose rows belong to generations. */
export function isOfHeld(db: Database): string {
  return `EXISTS (SELECT 1 FROM generations WHERE generations.id = generation_id AND ${isHeld(db)})`;
}

/** Whether a process that is alive serves the generation. */
export function isServed(db: Database): string {
  return `lease_owner IN (SELECT id FROM processes WHERE ${IS_ALIVE(db)})`;
}

const ROWS_PER_STEP = 500;

const SQL = (db: Database) => {
  const isUnserved = `settled_at IS NULL AND (lease_owner IS NULL OR NOT ${isServed(db)})`;
  return {
    isUnserved: `SELECT 1 FROM generations WHERE ${isUnserved} LIMIT 1`,
    unserved: `SELECT id FROM generations INDEXED BY generations_unsettled WHERE ${isUnserved} ORDER BY id LIMIT :most ${db.skipLocked}`,
    take: 'UPDATE generations SET lease_owner = :owner WHERE id = :id',
    prolong: `UPDATE processes SET alive_until = ${db.clock} + :lengthMs WHERE id = :owner AND ${IS_ALIVE(db)}`,
    forget: `DELETE FROM processes WHERE id = :owner OR NOT ${IS_ALIVE(db)}`,
    enter: `INSERT INTO processes (id, alive_until) VALUES (:owner, ${db.clock} + :lengthMs)`,
    release:
      'UPDATE generations SET lease_owner = NULL WHERE id = :id AND lease_owner = :owner AND settled_at IS NULL',
    giveUp: 'UPDATE generations SET lease_owner = NULL WHERE lease_owner = :owner AND settled_at IS NULL',
    open: `SELECT id, cancel_requested_at FROM generations
           WHERE lease_owner = :owner AND settled_at IS NULL AND id > :after ORDER BY id LIMIT :limit`,
    isHeld: `SELECT 1 FROM generations WHERE id = :id AND ${isHeld(db)}`,
  };
};

/** `lengthMs` is null on a database that one process at a time has open: there it alone is alive, and stays so. */
export function createLeaseLedger(
  db: Database,
  takeBreak: TakeBreak,
  owner: string,
  lengthMs: number | null,
): LeaseLedger & { begin(): Promise<void> } {
  const statements = db.prepare(SQL(db));

  /** Whether the leases of this process had lasted until now. If they hadn't, others may have taken any of them. */
  function* prolong(): Steps<boolean> {
    if ((yield* statements.prolong.run({ owner, lengthMs })) > 0) return true;
    yield* statements.giveUp.run({ owner });
    yield* statements.forget.run({ owner });
    yield* statements.enter.run({ owner, lengthMs });
    return false;
  }

  /** The unsettled generations that this process holds, and whether each was cancelled. */
  async function readOpen(): Promise<Map<string, boolean>> {
    const open = new Map<string, boolean>();
    for (let after = ''; ; ) {
      await takeBreak();
      const from = { owner, after, limit: ROWS_PER_STEP };
      const rows = await db.read(() => statements.open.all(from));
      for (const row of rows) open.set(row.id as string, row.cancel_requested_at !== null);
      if (rows.length < ROWS_PER_STEP) return open;
      after = rows.at(-1)?.id as string;
    }
  }

  async function isStillHeld(id: string): Promise<boolean> {
    return (await db.read(() => statements.isHeld.get({ id, owner }))) !== undefined;
  }

  return {
    lengthMs: lengthMs ?? Number.POSITIVE_INFINITY,
    async begin() {
      if (lengthMs !== null) await db.write(prolong);
    },
    async claim(most) {
      // This is asked all the time, and there is hardly ever anything to write.
      if (!(await db.read(() => statements.isUnserved.get()))) return [];
      return db.write(function* () {
        const ids = (yield* statements.unserved.all({ most })).map(({ id }) => id as string);
        for (const id of ids) yield* statements.take.run({ id, owner });
        return ids;
      });
    },
    async renew(ids) {
      const lasted = lengthMs === null || (await db.write(prolong));
      if (!lasted) return { lost: ids, cancelled: [], besides: [] };
      const open = await readOpen();
      const lost: string[] = [];
      for (const id of ids) if (!open.has(id) && !(await isStillHeld(id))) lost.push(id);
      const asked = new Set(ids);
      const besides = [...open.keys()].filter((id) => !asked.has(id));
      return { lost, cancelled: ids.filter((id) => open.get(id)), besides };
    },
    async release(ids) {
      for (let from = 0; from < ids.length; from += ROWS_PER_STEP) {
        const some = ids.slice(from, from + ROWS_PER_STEP);
        await db.write(function* () {
          for (const id of some) yield* statements.release.run({ id, owner });
        });
        await takeBreak();
      }
    },
  };
}

/** For a generation that a guarded UPDATE did not change. Throws a LeaseLostError if the lease is the reason. */
export function createFence(db: Database, owner: string): (id: string) => Steps<void> {
  const { isHeld } = db.prepare({ isHeld: SQL(db).isHeld });
  return function* fence(id) {
    if (!(yield* isHeld.get({ id, owner }))) throw new LeaseLostError(id);
  };
}
