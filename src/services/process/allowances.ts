import { type Allowance, createAllowance } from '../concurrency/allowance.ts';

/** Limits for each person on actions that cost others something, but are charged to nobody. */
export interface Allowances {
  /** References prepared before any charge: six questions with four images at once, 40 images in ten minutes. */
  readonly unpaidReferences: Allowance;
  /** Each draft is written to disk: forty at once, sixty in ten minutes. */
  readonly unfinishedDrafts: Allowance;
  /** Each ZIP fetches the images of up to fifty favourites: five at once, two in ten minutes. */
  readonly archives: Allowance;
  /** Requests refused for their references: ten at once, ten in ten minutes. */
  readonly refusedRequests: Allowance;
  /**
   * Answers of the tools that write (Describe, Enhance), besides all other limits, which a host may not have set: ten at
   * once, twenty an hour.
   */
  readonly writtenAnswers: Allowance;
  /** The same for everybody together: 200 at once, 60 an hour. All people share one name in it. */
  readonly writtenAnswersOverall: Allowance;
  /** Requests that are given back leave their rows, about a hundred megabytes a month of the longest. */
  readonly unchargedRequests: Allowance;
  /** The references of such requests, a few gigabytes. */
  readonly unchargedReferences: Allowance;
}

const MINUTE_MS = 60_000;

export function createAllowances(clock: {
  readonly now: () => number;
  /** A monotonic clock, in milliseconds. */
  readonly elapsed: () => number;
}): Allowances {
  const allow = (burst: number, pauseMs: number) => createAllowance({ burst, pauseMs, ...clock });
  return {
    unpaidReferences: allow(24, MINUTE_MS / 4),
    unfinishedDrafts: allow(40, MINUTE_MS / 6),
    archives: allow(5, 5 * MINUTE_MS),
    refusedRequests: allow(10, MINUTE_MS),
    writtenAnswers: allow(10, 3 * MINUTE_MS),
    writtenAnswersOverall: allow(200, MINUTE_MS),
    unchargedRequests: allow(100, 2 * MINUTE_MS),
    unchargedReferences: allow(60, 60 * MINUTE_MS),
  };
}
