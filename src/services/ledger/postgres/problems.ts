import pg from 'pg';
import { DatabaseError, LedgerError, type WriteProblem } from '../error.ts';

/** Keyed by all five or the first two characters of PostgreSQL's codes (docs: errcodes-appendix.html). */
const PROBLEM_OF_STATE: Readonly<Record<string, WriteProblem>> = {
  '53100': 'full',
  '25006': 'read-only',
  '42501': 'read-only',
  '08': 'unreachable',
  '28': 'unreachable',
  '3D': 'unreachable',
  '57P': 'unreachable',
  '40': 'busy',
  '53': 'busy',
  '55': 'busy',
  '57': 'busy',
  '58': 'io',
  XX: 'io',
};

const WORDS: Readonly<Record<WriteProblem, string>> = {
  unreachable:
    'the database cannot be reached, and requests are refused until it can; check that it runs, and DATABASE_URL',
  busy: 'the database is too busy, and requests are refused until it is not; look at pg_stat_activity for what holds it up',
  full: 'the disk of the database is full, and requests are refused until there is room',
  'read-only':
    'the database takes no writes, and requests are refused; check that DATABASE_URL leads to the primary, and its user’s rights',
  io: 'the database fails, and requests are refused; look at its own log',
  mistake: 'the ledger refused a row of the bot, which is a mistake of the bot',
};

/** The database is reached, but has too much to do for this caller. */
export function tooBusy(why: string): DatabaseError {
  return new DatabaseError('busy', `${WORDS.busy} (${why})`);
}

/** Turns an error of PostgreSQL or of the connection into the ledger's own error. */
export function asDatabaseError(error: unknown): Error {
  if (error instanceof DatabaseError) return error;
  // A mistake of the bot between two statements.
  if (!(error instanceof Error) || (stateOf(error) === '' && !isOfTheConnection(error)))
    return error as Error;
  const problem = problemOf(error);
  return new DatabaseError(problem, `${WORDS[problem]} (${error.message})`, { cause: error });
}

function problemOf(error: Error): WriteProblem {
  const state = stateOf(error);
  if (state === '') return 'unreachable';
  return [5, 3, 2].map((length) => PROBLEM_OF_STATE[state.slice(0, length)]).find(Boolean) ?? 'mistake';
}

/** The server's code of an error; empty when the error isn't the server's. */
export function stateOf(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.code ?? '') : '';
}

const OF_PG =
  /^(?:Connection terminated|Client has encountered|timeout exceeded when trying|Cannot use a pool|Query read timeout|The server does not support SSL)/;

/** Whether the connection failed, so that its state is unknown. */
export function isOfTheConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof TooLate || OF_PG.test(error.message)) return true;
  if (error instanceof AggregateError) return error.errors.some(isOfTheConnection);
  const code = 'code' in error ? String(error.code) : '';
  return (
    'syscall' in error ||
    /^(?:E[A-Z]+|ERR_(?:SSL|TLS|STREAM)|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/.test(code)
  );
}

/** The database didn't answer in time. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** Whether the work can be tried again: nothing of it was kept, and the obstacle may be gone. */
export function isPassing(error: unknown): boolean {
  // Serialization failure, deadlock, a time-out between statements, a plan from before another bot's migration, a
  // shutdown.
  return ['40001', '40P01', '25P03', '0A000', '57P01'].includes(stateOf(error)) || isOfTheConnection(error);
}

/** Why the bot can't start on this database, in words for the operator. */
export function unusable(shown: string, error: unknown): LedgerError {
  if (error instanceof LedgerError) return error;
  const message = error instanceof Error ? error.message || String(error.cause ?? error.name) : String(error);
  return new LedgerError(`The database at ${shown} cannot be used (${message}). ${wayOutOf(error)}`, {
    cause: error,
  });
}

function wayOutOf(error: unknown): string {
  const state = stateOf(error);
  if (state.startsWith('28')) return 'Check the user and the password in DATABASE_URL.';
  if (state === '3D000') return 'Create that database, or correct its name in DATABASE_URL.';
  if (state === '42501')
    return 'Its user must be allowed to create tables: make it the owner of the database.';
  if (state === '53300') return 'Raise max_connections, or run fewer processes: each takes up to ten.';
  return 'Check DATABASE_URL, and that the server runs.';
}

/** Whether waiting for the database may help: it is starting, or its name can't be resolved yet. */
export function mayComeUp(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(?:ERR_|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/.test(code)) return false;
  if (error instanceof Error && error.message.startsWith('The server does not support SSL')) return false;
  return ['57P03', '57P01', '53300'].includes(stateOf(error)) || isOfTheConnection(error);
}
