/** Tells lasting conditions from passing ones, by the time since each was first met. */
export interface Lasting {
  /** Notes that the condition is met, and returns whether it has lasted. */
  met(key: string): boolean;
  /** Notes that the condition is over. */
  passed(key: string): void;
}

/** A condition that is not met again for this long is forgotten, in milliseconds. */
const FORGOTTEN_AFTER_MS = 15 * 60_000;

/** A condition lasts once it has been met for `lastsMs` milliseconds. */
export function createLasting(lastsMs: number, elapsed: () => number): Lasting {
  const met = new Map<string, { readonly first: number; readonly latest: number }>();
  return {
    met(key) {
      for (const [old, { latest }] of met) if (elapsed() - latest > FORGOTTEN_AFTER_MS) met.delete(old);
      const first = met.get(key)?.first ?? elapsed();
      met.set(key, { first, latest: elapsed() });
      return elapsed() - first >= lastsMs;
    },
    passed: (key) => void met.delete(key),
  };
}
