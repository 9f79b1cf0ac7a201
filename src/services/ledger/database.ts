/** A row, by the names of its columns. */
export type Row = Record<string, unknown>;
/** The values for each `:name` in a statement. Unused values are ignored. */
export type Parameters = Readonly<Record<string, unknown>>;

/** A statement that the database runs later. SQLite runs each at once, so it yields none. */
export interface Query {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The result of a query. */
export interface Answer {
  readonly rows: readonly Row[];
  readonly changes: number;
}

/**
 * Work of several statements as a generator, with `yield*` in place of `await`. SQLite runs it in one turn of the event
 * loop, in a transaction shared with other work; PostgreSQL waits for the answers to each step's queries. So both run the
 * same code.
 */
export type Steps<T> = Iterable<readonly Query[], T, readonly Answer[]>;

/** Prepared SQL, with parameters named `:name`. */
export interface Statement {
  /** The first row. */
  get(parameters?: Parameters): Steps<Row | undefined>;
  all(parameters?: Parameters): Steps<readonly Row[]>;
  /** Returns how many rows it has changed. */
  run(parameters?: Parameters): Steps<number>;
}

/** The ledger's interface to its database, for SQLite and PostgreSQL. */
export interface Database {
  /** The time by the database's clock in milliseconds, as SQL. */
  readonly clock: string;
  /** Locks the rows of a SELECT and leaves out those that others have locked, as SQL. */
  readonly skipLocked: string;
  /** Whether other processes may write at the same time. */
  readonly isShared: boolean;
  prepare<Name extends string>(sql: Readonly<Record<Name, string>>): Record<Name, Statement>;
  /** Reads; each statement sees the latest state. */
  read<T>(work: () => Steps<T>): Promise<T>;
  /** Reads a consistent state of one moment. */
  readAtOnce<T>(work: () => Steps<T>): Promise<T>;
  /**
   * Does the work completely or not at all, and resolves once it is on disk. It may be restarted, so it must change
   * nothing but rows. Give a `lock` if the write depends on what it reads: work with the same lock runs one at a time,
   * across all processes, and within a process in its order of arrival. A caller who has waited `since` an earlier moment
   * (by `performance.now`) hears that much sooner of a database that doesn't answer.
   */
  write<T>(work: () => Steps<T>, lock?: string, since?: number): Promise<T>;
}
