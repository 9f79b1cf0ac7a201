/** Each answer that asks to slow down doubles the pauses, up to this factor. */
const SLOWEST = 8;
/** How long until half of a slow-down is forgotten. */
const HALF_LIFE_MS = 60_000;

/** How much slower than planned everything goes, since the service has said that it is asked too often. */
export interface SlowDown {
  /** It has said so just now. */
  more(): void;
  /** 1 where it goes as planned. */
  factor(): number;
}

export function createSlowDown(now: () => number): SlowDown {
  let slowed = { factor: 1, at: now() };
  const factor = () => 1 + (slowed.factor - 1) * 2 ** ((slowed.at - now()) / HALF_LIFE_MS);
  return {
    factor,
    more() {
      slowed = { factor: Math.min(SLOWEST, 2 * factor()), at: now() };
    },
  };
}
