import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Database, Parameters, Row, Statement, Steps } from '../database.ts';
import type { Write } from './group-commit.ts';

/** Runs the ledger's statements on SQLite, which answers at once, so that no step is left for later. */
export function createSqliteDatabase(db: DatabaseSync, write: Write): Database {
  const read = async <T>(work: () => Steps<T>) => finish(work());
  return {
    // Leases last as long as the connection here: the time doesn't matter.
    clock: '0',
    skipLocked: '',
    isShared: false,
    prepare<Name extends string>(sql: Readonly<Record<Name, string>>) {
      const entries = Object.entries<string>(sql).map(([name, text]) => [name, prepare(db, text)]);
      return Object.fromEntries(entries) as Record<Name, Statement>;
    },
    read,
    readAtOnce: read,
    // Of all writes one is at work at a time.
    write: (work) => write(() => finish(work())),
  };
}

function prepare(db: DatabaseSync, text: string): Statement {
  const statement = db.prepare(text);
  // The same parameters are used for several statements.
  statement.setAllowUnknownNamedParameters(true);
  const given = (parameters: Parameters = {}) => parameters as Record<string, SQLInputValue>;
  return {
    get: (parameters) => done<Row | undefined>(statement.get(given(parameters))),
    all: (parameters) => done<Row[]>(statement.all(given(parameters))),
    run: (parameters) => done(Number(statement.run(given(parameters)).changes)),
  };
}

/** Work that is already finished. */
function done<T>(value: T): Steps<T> {
  return { [Symbol.iterator]: () => ({ next: () => ({ done: true, value }) }) };
}

function finish<T>(steps: Steps<T>): T {
  const { value, done } = steps[Symbol.iterator]().next();
  if (!done) throw new Error('SQLite leaves nothing for later');
  return value;
}
