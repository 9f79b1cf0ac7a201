/** A signal that is aborted after some time, or along with another one. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** The time is over, and not only the other signal aborted. */
  readonly isPast: boolean;
}

/**
 * Like `AbortSignal.any` with `AbortSignal.timeout`, but to be disposed of: those stay in memory until their time is
 * over, a minute after each of hundreds of requests a second that were answered at once.
 */
export function createDeadline(ms: number, other?: AbortSignal): Deadline {
  const ending = new AbortController();
  let isPast = false;
  const endWithOther = () => ending.abort(other?.reason);
  const timer = setTimeout(() => {
    isPast = true;
    ending.abort(new DOMException('The time is over', 'TimeoutError'));
  }, ms);
  if (other?.aborted) endWithOther();
  else other?.addEventListener('abort', endWithOther);

  return {
    signal: ending.signal,
    get isPast() {
      return isPast;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      other?.removeEventListener('abort', endWithOther);
    },
  };
}
