/** Something that waits for its turn to edit. An object, because the closures of thousands of waiters take megabytes. */
export interface Waiter {
  /** Called when its turn has come. */
  go(): void;
}

/** Grants turns at a bounded rate, in the order in which they are asked for, and what can wait when nothing else does. */
export interface RateLimiter {
  /** Whoever has asked for a turn that can wait may ask again for one that can't. */
  ask(waiter: Waiter, options?: { readonly canWait?: boolean }): void;
  /** Gives up a turn that hasn't come yet; the next in line gets it. */
  leave(waiter: Waiter): void;
}

export function createRateLimiter(perSecond: number): RateLimiter {
  const intervalMs = 1000 / perSecond;
  const line = new Set<Waiter>();
  const patient = new Set<Waiter>();
  let isFree = true;

  function serveNext(): void {
    const [first] = line;
    const [firstPatient] = patient;
    const next = first ?? firstPatient;
    isFree = next === undefined;
    if (!next) return;
    leave(next);
    setTimeout(serveNext, intervalMs);
    next.go();
  }

  function leave(waiter: Waiter): void {
    line.delete(waiter);
    patient.delete(waiter);
  }

  return {
    ask(waiter, { canWait = false } = {}) {
      if (!canWait) patient.delete(waiter);
      (canWait ? patient : line).add(waiter);
      if (isFree) serveNext();
    },
    leave,
  };
}
