/**
 * Tries until it succeeds or `worthwhile` says that another try can't help; then throws the last error. The last
 * pause repeats. Rejects with the signal's reason, an AbortError, once `halt` is aborted.
 */
export async function retry<T>(
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
    await pause(pausesMs[Math.min(tries, pausesMs.length) - 1] ?? 0, halt);
  }
}

/** By the global timer, whose clock a test can turn. */
function pause(ms: number, halt: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(halt.reason);
    };
    const timer = setTimeout(() => {
      halt.removeEventListener('abort', stop);
      resolve();
    }, ms);
    halt.addEventListener('abort', stop);
  });
}
