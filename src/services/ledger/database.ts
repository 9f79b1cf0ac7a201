/** A row, by the names of its columns. */
export type Row = Record<string, unknown>;
/** What stands for each `:name` in a statement; what it doesn't name is left alone. */
export type Parameters = Readonly<Record<string, unknown>>;

/** A statement that only a database of its own can run later: SQLite runs each at once, and has none. */
export interface Query {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What came of it. */
export interface Answer {
  readonly rows: readonly Row[];
  readonly changes: number;
}

/**
 * Work of several statements, as a generator: `yield*` stands where `await` would. SQLite goes through it in one turn of the
 * event loop, within a transaction that it shares with others; PostgreSQL waits for each answer. So both run the same code.
 */
export type Steps<T> = Iterable<Query, T, Answer>;

/** SQL that was prepared, with parameters by `:name`. */
export interface Statement {
  /** The first row. */
  get(parameters?: Parameters): Steps<Row | undefined>;
  all(parameters?: Parameters): Steps<readonly Row[]>;
  /** Returns how many rows it has changed. */
  run(parameters?: Parameters): Steps<number>;
}

/** What the ledger asks of a database. SQLite and PostgreSQL are behind it. */
export interface Database {
  prepare<Name extends string>(sql: Readonly<Record<Name, string>>): Record<Name, Statement>;
  /** Reads; each statement sees what is there by then. */
  read<T>(work: () => Steps<T>): Promise<T>;
  /** Reads everything as it is at one moment. */
  readAtOnce<T>(work: () => Steps<T>): Promise<T>;
  /**
   * Does the work as a whole or not at all, and resolves once it is on disk. It may be begun anew, so it may change nothing
   * but rows. `lock` is for whoever writes by what they read just before: of all that name the same one, in whichever
   * process, one is at work at a time, and of one process in the order in which they came.
   */
  write<T>(work: () => Steps<T>, lock?: string): Promise<T>;
}
