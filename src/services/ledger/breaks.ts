import { setImmediate } from 'node:timers/promises';

/** Taken between two steps of long work: resolves once everybody else had a turn. */
export type TakeBreak = () => Promise<void>;

/** However many take steps at the same time, each turn of the event loop has room for one step: together they would block it. */
export function createBreaks(): TakeBreak {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => setImmediate());
    return last;
  };
}
