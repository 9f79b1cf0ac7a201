/** Tells what lasts from what passes, by when it was first met. */
export interface Lasting {
  /** Whether this has been met for long enough to count. */
  met(key: string): boolean;
  /** It is not met any more. */
  passed(key: string): void;
}

/** What is not met again for this long is forgotten, in milliseconds. */
const FORGOTTEN_AFTER_MS = 15 * 60_000;

/** What has been met for `lastsMs` milliseconds lasts. */
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
