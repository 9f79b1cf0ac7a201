/** Whoever waits for a turn. An object rather than a callback: with thousands waiting, closures would be megabytes. */
export interface Waiting {
  /** It is its turn. */
  go(): void;
}

/** Turns, at most so many a second, in the order in which they are asked for. */
export interface RateLimiter {
  ask(waiting: Waiting): void;
  /** Gives up a turn that hasn't come yet: it is the next one's. */
  leave(waiting: Waiting): void;
}

export function createRateLimiter(perSecond: number): RateLimiter {
  const intervalMs = 1000 / perSecond;
  const line = new Set<Waiting>();
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
    ask(waiting) {
      line.add(waiting);
      if (isFree) serveNext();
    },
    leave(waiting) {
      line.delete(waiting);
    },
  };
}
