import { setTimeout as delay } from 'node:timers/promises';

/**
 * Tries until it succeeds or `worthwhile` says that another try can't help; then throws the last error. The last
 * pause repeats. Rejects with an AbortError once `halt` is aborted.
 */
export async function patiently<T>(
  attempt: () => Promise<T>,
  options: {
    pausesMs: readonly number[];
    worthwhile: (error: unknown, tries: number) => boolean;
    halt: AbortSignal;
  },
): Promise<T> {
  const { pausesMs, worthwhile, halt } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      halt.throwIfAborted();
      if (!worthwhile(error, tries)) throw error;
    }
    await delay(pausesMs[Math.min(tries, pausesMs.length) - 1], null, { signal: halt });
  }
}
