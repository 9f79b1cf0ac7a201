import { checkedBeforeSending } from '../discord/before-sending.ts';
import { LeaseLostError } from '../ledger/leases.ts';
import type { ServeDeps } from './serve.ts';
import type { Serving } from './serving.ts';

type HeldReplies = ServeDeps['replies'];

/**
 * Edits nothing about a generation that this process may not serve any more. Each request asks again, since the process
 * may have been stopped while an edit waited for its turn or was about to be repeated. If the lease ends while a request
 * is on its way, `overtaken` is called.
 */
export function heldReplies(
  { edit, deliver }: HeldReplies,
  serving: ReadonlyMap<string, Serving>,
  overtaken: (id: string) => void,
): HeldReplies {
  async function held<T>(id: string, work: () => Promise<T>): Promise<T> {
    const served = serving.get(id);
    let isSent = false;
    const requireHeld = () => {
      // Without a job, it has been taken over anew, and an earlier job of it asks.
      if (!served?.job || serving.get(id) !== served) throw new LeaseLostError(id);
      served.require();
    };
    const send = () => {
      requireHeld();
      isSent = true;
    };
    try {
      requireHeld();
      return await checkedBeforeSending(send, work);
    } finally {
      served?.loseIfOver();
      if (isSent && served?.isLost) overtaken(id);
    }
  }
  return {
    edit: (generation, ...rest) => held(generation.id, () => edit(generation, ...rest)),
    deliver: (generation, ...rest) => held(generation.id, () => deliver(generation, ...rest)),
  };
}
