/** Limits how often each person may use something that costs others and is charged to nobody. */
export interface Allowance {
  /** Spends `many` uses. Returns false, and spends none, when the person has fewer left. */
  take(userId: string, many?: number): boolean;
  /** When the person has a use left, in milliseconds since the epoch; null when they have one now. */
  freeAt(userId: string): number | null;
}

/** `burst` uses at once; one is refilled every `pauseMs`. Held in memory, so a restart refills everything. */
export function createAllowance({
  burst,
  pauseMs,
  now,
  elapsed,
}: {
  readonly burst: number;
  readonly pauseMs: number;
  readonly now: () => number;
  /** A monotonic clock, in milliseconds. */
  readonly elapsed: () => number;
}): Allowance {
  /** When each person who has spent uses will have all of them again, on that clock. */
  const fullAt = new Map<string, number>();

  function debtOf(userId: string): number {
    return Math.max(0, (fullAt.get(userId) ?? 0) - elapsed());
  }

  function prune(): void {
    for (const userId of fullAt.keys()) if (debtOf(userId) === 0) fullAt.delete(userId);
  }

  return {
    take(userId, many = 1) {
      const debt = debtOf(userId) + many * pauseMs;
      if (debt > burst * pauseMs) return false;
      if (fullAt.size >= PRUNED_FROM) prune();
      fullAt.set(userId, elapsed() + debt);
      return true;
    },
    freeAt(userId) {
      const wait = debtOf(userId) - (burst - 1) * pauseMs;
      return wait > 0 ? now() + wait : null;
    },
  };
}

/** People that are remembered before those with all their uses left are forgotten. */
const PRUNED_FROM = 1000;
