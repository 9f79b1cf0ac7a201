export interface RetryOptions {
  /** The pauses between tries, in milliseconds. The last one repeats. */
  readonly pausesMs: readonly number[];
  /** The wait that the error itself asks for, in milliseconds, instead of the next pause; null when it doesn't say. */
  readonly askedMs?: (error: unknown) => number | null;
  /** Whether another try may help after this many. */
  readonly worthwhile: (error: unknown, tries: number) => boolean;
  readonly halt: AbortSignal;
}

/**
 * Tries until it succeeds or another try can't help; then throws the last error. Rejects with the signal's reason, an
 * AbortError, once `halt` is aborted.
 */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { pausesMs, askedMs = () => null, worthwhile, halt } = options;
  for (let tries = 1; ; tries += 1) {
    let pauseMs = pausesMs[Math.min(tries, pausesMs.length) - 1] ?? 0;
    try {
      return await attempt();
    } catch (error) {
      halt.throwIfAborted();
      if (!worthwhile(error, tries)) throw error;
      pauseMs = askedMs(error) ?? pauseMs;
    }
    await pause(pauseMs, halt);
  }
}

/** Uses the global timer, which tests can fake. */
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
