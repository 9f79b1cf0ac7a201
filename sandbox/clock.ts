/** The sandbox's time, so that minutes and days can be made to pass at once. */
export interface Clock {
  /** Milliseconds since the epoch: the time it was made from, plus everything advanced so far. */
  now(): number;
  advance(ms: number): void;
}

/** Runs on the real time unless another is given. With a time that stands still, nothing expires. */
export function createClock(time: () => number = Date.now): Clock {
  let advancedMs = 0;
  return {
    now: () => time() + advancedMs,
    advance: (ms) => {
      advancedMs += ms;
    },
  };
}
