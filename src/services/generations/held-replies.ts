import { checkedBeforeSending } from '../discord/before-sending.ts';
import { LeaseLostError } from '../ledger/leases.ts';
import type { ServeDeps } from './serve.ts';
import type { Serving } from './serving.ts';

type HeldReplies = ServeDeps['replies'];

/**
 * Edits nothing about a generation that this process may not serve any more. Each request asks again, since the process
 * may have been stopped while an edit waited for its turn or was about to be repeated.
 */
export function heldReplies(
  { edit, deliver }: HeldReplies,
  serving: ReadonlyMap<string, Serving>,
): HeldReplies {
  function held<T>(id: string, work: () => Promise<T>): Promise<T> {
    const requireHeld = () => {
      const served = serving.get(id);
      // Without a job, it has been taken over anew, and an earlier job of it asks.
      if (!served?.job) throw new LeaseLostError(id);
      served.require();
    };
    return checkedBeforeSending(requireHeld, async () => {
      requireHeld();
      return work();
    });
  }
  return {
    edit: (generation, ...rest) => held(generation.id, () => edit(generation, ...rest)),
    deliver: (generation, ...rest) => held(generation.id, () => deliver(generation, ...rest)),
  };
}
