/** The sandbox's time, so that minutes and days can be made to pass at once. */
export interface Clock {
  /** Milliseconds since the epoch: real time plus everything advanced so far. */
  now(): number;
  advance(ms: number): void;
}

export function createClock(): Clock {
  let advancedMs = 0;
  return {
    now: () => Date.now() + advancedMs,
    advance: (ms) => {
      advancedMs += ms;
    },
  };
}
