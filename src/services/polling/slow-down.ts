/** Each request to slow down doubles the factor, up to this. */
const FACTOR_MAX = 8;
/** How long until half of a slow-down has worn off. */
const HALF_LIFE_MS = 60_000;
/** Queries in flight at the same time are refused together. Within this long they count as one refusal. */
const COUNT_ONCE_WITHIN_MS = 1000;

/** A throttle on all polling, for when the service says that it is asked too often. */
export interface SlowDown {
  /** Doubles the factor; called when the service has just said so. */
  increase(): void;
  /** How many planned queries become one; 1 when polling goes as planned. */
  factor(): number;
}

/** `elapsed` is monotonic, in milliseconds. */
export function createSlowDown(elapsed: () => number): SlowDown {
  let last = { factor: 1, at: elapsed() };
  const agoMs = () => elapsed() - last.at;
  const factor = () => 1 + (last.factor - 1) * 2 ** (-agoMs() / HALF_LIFE_MS);
  return {
    factor,
    increase() {
      if (last.factor > 1 && agoMs() < COUNT_ONCE_WITHIN_MS) return;
      last = { factor: Math.min(FACTOR_MAX, 2 * factor()), at: elapsed() };
    },
  };
}
