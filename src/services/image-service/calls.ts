import { ImageServiceError } from './errors.ts';
import type { Http, HttpRequest, Received } from './http.ts';
import { type RetryOptions, type RetryPolicy, withRetry } from './retry.ts';
import type { Attempt, CallOptions } from './service.ts';

/** Calls a service, retries by the policy of each call, and reports each try. */
export interface Calls {
  /** Throws the ImageServiceError of the last try. */
  call<T>(
    name: Attempt['call'],
    policy: RetryPolicy,
    request: HttpRequest,
    read: (answer: Received) => T,
    options?: CallOptions,
  ): Promise<T>;
  onAttempt(listener: (attempt: Attempt) => void): void;
}

export function createCalls(
  http: Pick<Http, 'send'>,
  { delay, random }: Pick<RetryOptions, 'delay' | 'random'>,
): Calls {
  const listeners: ((attempt: Attempt) => void)[] = [];
  return {
    call(name, policy, request, read, { signal, log, beforeTry } = {}) {
      let tries = 0;
      const report = (outcome: Attempt['outcome']) => {
        tries += 1;
        log?.debug({ call: name, outcome, tries }, 'the image service was called');
        for (const listener of listeners) listener({ call: name, outcome, isRetry: tries > 1 });
      };
      const send = async () => {
        beforeTry?.();
        try {
          const result = read(await http.send(request, signal));
          report('ok');
          return result;
        } catch (error) {
          if (error instanceof ImageServiceError) report(error.kind);
          throw error;
        }
      };
      return withRetry(policy, send, { signal, log, delay, random });
    },
    onAttempt(listener) {
      listeners.push(listener);
    },
  };
}
