import { setTimeout as wait } from 'node:timers/promises';

/** Resolves when it is the caller's turn. Rejects with the signal's reason, and then lets the next one go. */
export type Pace = (signal: AbortSignal) => Promise<void>;

/** Lets through at most so many a second, in the order in which they come. */
export function createPace(perSecond: number, delay: (ms: number) => Promise<unknown> = wait): Pace {
  const intervalMs = 1000 / perSecond;
  const waiting = new Set<() => void>();
  let nextAt = Number.NEGATIVE_INFINITY;
  let isWalking = false;

  async function walk(): Promise<void> {
    isWalking = true;
    for (const pass of waiting) {
      const early = nextAt - performance.now();
      if (early > 0) await delay(early);
      if (!waiting.delete(pass)) continue;
      nextAt = performance.now() + intervalMs;
      pass();
    }
    isWalking = false;
  }

  return (signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const goAway = () => {
      waiting.delete(pass);
      reject(signal.reason);
    };
    const pass = () => {
      signal.removeEventListener('abort', goAway);
      resolve();
    };
    if (signal.aborted) goAway();
    else {
      signal.addEventListener('abort', goAway, { once: true });
      waiting.add(pass);
      if (!isWalking) void walk();
    }
    return promise;
  };
}
