/** How often each person may do what costs others something and is charged to nobody. */
export interface Allowance {
  /** Uses so much of it up; false, and nothing is used, where the person hasn't that much left. */
  take(userId: string, many?: number): boolean;
  /** When the person has any left, in milliseconds since the epoch; null where that is now. */
  freeAt(userId: string): number | null;
}

/** So much at once, of which one comes back after each pause. Held in memory: a restart forgives. */
export function createAllowance({
  burst,
  pauseMs,
  now,
  elapsed,
}: {
  readonly burst: number;
  readonly pauseMs: number;
  readonly now: () => number;
  /** Milliseconds since whenever, by a clock that nobody sets. */
  readonly elapsed: () => number;
}): Allowance {
  /** When each person who has used some will have all of it again, by that clock. */
  const wholeAt = new Map<string, number>();

  function debtOf(userId: string): number {
    return Math.max(0, (wholeAt.get(userId) ?? 0) - elapsed());
  }

  function forgetWhole(): void {
    for (const userId of wholeAt.keys()) if (debtOf(userId) === 0) wholeAt.delete(userId);
  }

  return {
    take(userId, many = 1) {
      const debt = debtOf(userId) + many * pauseMs;
      if (debt > burst * pauseMs) return false;
      if (wholeAt.size >= MANY_PEOPLE) forgetWhole();
      wholeAt.set(userId, elapsed() + debt);
      return true;
    },
    freeAt(userId) {
      const wait = debtOf(userId) - (burst - 1) * pauseMs;
      return wait > 0 ? now() + wait : null;
    },
  };
}

const MANY_PEOPLE = 1000;
