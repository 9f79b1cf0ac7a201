import type { Logger } from '../log.ts';
import { DatabaseError, type WriteProblem, writeProblemOf } from './error.ts';

/** Logs that the ledger can't be written, once for a whole stall, however many requests fail. */
export interface LedgerTrouble {
  /** Returns the reason; null if the error isn't the ledger's. */
  report(error: unknown, log: Logger): WriteProblem | null;
}

/** After this time without an error, the next one counts as a new stall. */
const CALM_MS = 60_000;

/** Words for SQLite; a server's errors have their own. */
const WORDS: Readonly<Record<Exclude<WriteProblem, 'unreachable'>, string>> = {
  busy: 'another program holds the ledger, and requests are refused until it lets go; look for a backup tool or an open sqlite3',
  full: 'the disk of the ledger is full, and requests are refused until there is room',
  'read-only': 'the ledger can’t be written, and requests are refused; check who may write at DATABASE_PATH',
  io: 'the disk of the ledger fails, and requests are refused; check it, and DATABASE_PATH',
  mistake: 'the ledger refused a row of the bot, which is a mistake of the bot',
};

export function createLedgerTrouble(elapsed: () => number): LedgerTrouble {
  const seenAt = new Map<WriteProblem, number>();
  return {
    report(err, log) {
      const problem = writeProblemOf(err);
      // A mistake concerns one request, so each is logged, and can be found by it.
      const before = problem === null || problem === 'mistake' ? undefined : seenAt.get(problem);
      const isSaid = before !== undefined && elapsed() - before < CALM_MS;
      if (problem !== null) seenAt.set(problem, elapsed());
      log[isSaid ? 'debug' : 'error']({ err }, wordsFor(problem, err));
      return problem;
    },
  };
}

function wordsFor(problem: WriteProblem | null, error: unknown): string {
  if (error instanceof DatabaseError) return error.message;
  return problem === null || problem === 'unreachable' ? 'a request could not be stored' : WORDS[problem];
}
