import { setImmediate } from 'node:timers/promises';

/** Pauses long work between two steps; resolves once everybody else had a turn. */
export type TakeBreak = () => Promise<void>;

/**
 * Each turn of the event loop has room for one step, however many callers work at the same time. Together they would
 * block it.
 */
export function createBreaks(): TakeBreak {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => setImmediate());
    return last;
  };
}
