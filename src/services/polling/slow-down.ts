/** Each answer that asks to slow down makes one query of two, up to one of so many. */
const SLOWEST = 8;
/** How long until half of a slow-down is forgotten. */
const HALF_LIFE_MS = 60_000;
/** Queries that were under way together are refused together: that is said once. */
const ONCE_IN_MS = 1000;

/** How many planned queries become one, since the service has said that it is asked too often. */
export interface SlowDown {
  /** It has said so just now. */
  more(): void;
  /** 1 where it goes as planned. */
  factor(): number;
}

export function createSlowDown(elapsed: () => number): SlowDown {
  let slowed = { factor: 1, at: elapsed() };
  const agoMs = () => elapsed() - slowed.at;
  const factor = () => 1 + (slowed.factor - 1) * 2 ** (-agoMs() / HALF_LIFE_MS);
  return {
    factor,
    more() {
      if (slowed.factor > 1 && agoMs() < ONCE_IN_MS) return;
      slowed = { factor: Math.min(SLOWEST, 2 * factor()), at: elapsed() };
    },
  };
}
