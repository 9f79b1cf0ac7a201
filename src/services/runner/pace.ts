/** Turns, at most so many a second, in the order in which they are asked for. */
export interface Pace {
  /** Calls `go` when it is its turn. */
  ask(go: () => void): void;
  /** Gives up a turn that hasn't come yet: it is the next one's. */
  leave(go: () => void): void;
}

export function createPace(perSecond: number): Pace {
  const intervalMs = 1000 / perSecond;
  // By callback: with thousands of replies waiting, a promise and a signal for each were megabytes.
  const waiting = new Set<() => void>();
  let isFree = true;

  function serveNext(): void {
    const [go] = waiting;
    isFree = go === undefined;
    if (!go) return;
    waiting.delete(go);
    setTimeout(serveNext, intervalMs);
    go();
  }

  return {
    ask(go) {
      waiting.add(go);
      if (isFree) serveNext();
    },
    leave(go) {
      waiting.delete(go);
    },
  };
}
