/** Something that waits for its turn to edit. An object, because the closures of thousands of waiters take megabytes. */
export interface Waiter {
  /** Called when its turn has come. */
  go(): void;
}

/** Grants turns at a bounded rate, in the order in which they are asked for. */
export interface RateLimiter {
  ask(waiter: Waiter): void;
  /** Gives up a turn that hasn't come yet; the next in line gets it. */
  leave(waiter: Waiter): void;
}

export function createRateLimiter(perSecond: number): RateLimiter {
  const intervalMs = 1000 / perSecond;
  const line = new Set<Waiter>();
  let isFree = true;

  function serveNext(): void {
    const [next] = line;
    isFree = next === undefined;
    if (!next) return;
    line.delete(next);
    setTimeout(serveNext, intervalMs);
    next.go();
  }

  return {
    ask(waiter) {
      line.add(waiter);
      if (isFree) serveNext();
    },
    leave(waiter) {
      line.delete(waiter);
    },
  };
}
