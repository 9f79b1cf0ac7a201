import type { CrashReport } from './run.ts';

/** What a report says of broken promises when all are kept. */
export const ALL_KEPT = {
  verdict: { duplicates: [], unannounced: [], lost: [], stuck: [], doubleMessages: [], untrue: [] },
  ledger: { unsettled: 0, unfinished: 0, tokens: 0 },
  filesLeft: [],
  exits: [],
  leaks: [],
} satisfies Partial<CrashReport>;
