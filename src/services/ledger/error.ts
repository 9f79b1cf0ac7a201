/** Why the ledger can't be used, in words for the operator. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

const CHECK_PATH = 'Check DATABASE_PATH and who may write there.';
const WAYS_OUT: Readonly<Record<WriteProblem, string>> = {
  busy: 'Another program holds it: wait for it, or stop it. Look for a backup tool or an open sqlite3.',
  full: 'Make room on its disk.',
  'read-only': CHECK_PATH,
  io: CHECK_PATH,
  unreachable: CHECK_PATH,
  mistake: CHECK_PATH,
};

/** The error for a ledger that can't be opened, with the way out. */
export function unusable(path: string, cause: unknown): LedgerError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const wayOut = WAYS_OUT[writeProblemOf(cause) ?? 'io'];
  return new LedgerError(`The ledger at ${path} cannot be used (${why}). ${wayOut}`, { cause });
}

/** Why a database refused. `mistake` means an error of the bot, such as a row that breaks a constraint. */
export type WriteProblem = 'busy' | 'full' | 'read-only' | 'io' | 'unreachable' | 'mistake';

/** A database server refused, or can't be reached. The message tells the operator the way out. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly problem: WriteProblem;

  constructor(problem: WriteProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** sqlite.org/rescode.html */
const PROBLEM_OF_CODE: Readonly<Record<number, WriteProblem>> = {
  5: 'busy',
  6: 'busy',
  8: 'read-only',
  10: 'io',
  11: 'io',
  13: 'full',
  14: 'io',
};

/** Why the write failed; null if the error isn't the database's. */
export function writeProblemOf(error: unknown): WriteProblem | null {
  if (error instanceof DatabaseError) return error.problem;
  if (!(error instanceof Error && 'errcode' in error)) return null;
  // The lowest byte is the primary code.
  return PROBLEM_OF_CODE[Number(error.errcode) & 0xff] ?? 'mistake';
}
