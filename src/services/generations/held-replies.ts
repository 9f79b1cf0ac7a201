import { LeaseLostError } from '../ledger/leases.ts';
import type { ServeDeps } from './serve.ts';
import type { Serving } from './serving.ts';

type HeldReplies = ServeDeps['replies'];

/** Edits nothing about a generation that this process may not serve any more. */
export function heldReplies(
  { edit, deliver }: HeldReplies,
  serving: ReadonlyMap<string, Serving>,
): HeldReplies {
  const requireHeld = (id: string) => {
    const served = serving.get(id);
    // Without a job, it has been taken over anew, and an earlier job of it asks.
    if (!served?.job) throw new LeaseLostError(id);
    served.require();
  };
  return {
    async edit(generation, ...rest) {
      requireHeld(generation.id);
      return edit(generation, ...rest);
    },
    async deliver(generation, ...rest) {
      requireHeld(generation.id);
      return deliver(generation, ...rest);
    },
  };
}
