/** A signal that aborts after some time, or along with another signal. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** True once the time is up; stays false when the other signal aborts first. */
  readonly isPast: boolean;
}

/**
 * Like `AbortSignal.any` with `AbortSignal.timeout`, but disposable. Those two stay in memory until their timeout: a
 * minute for each of hundreds of requests a second that were answered at once.
 */
export function createDeadline(ms: number, other?: AbortSignal): Deadline {
  const controller = new AbortController();
  let isPast = false;
  const abortWithOther = () => controller.abort(other?.reason);
  const timer = setTimeout(() => {
    isPast = true;
    controller.abort(new DOMException('The time is up', 'TimeoutError'));
  }, ms);
  if (other?.aborted) abortWithOther();
  else other?.addEventListener('abort', abortWithOther);

  return {
    signal: controller.signal,
    get isPast() {
      return isPast;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      other?.removeEventListener('abort', abortWithOther);
    },
  };
}
