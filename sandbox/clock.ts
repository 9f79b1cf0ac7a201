/** The sandbox's time, so that minutes and days can be made to pass at once. */
export interface Clock {
  /** Milliseconds since the epoch: the time it was made from, plus everything advanced so far. */
  now(): number;
  advance(ms: number): void;
}

/** Made from the real time, unless another is given: one that stands still lets nothing run out. */
export function createClock(time: () => number = Date.now): Clock {
  let advancedMs = 0;
  return {
    now: () => time() + advancedMs,
    advance: (ms) => {
      advancedMs += ms;
    },
  };
}
