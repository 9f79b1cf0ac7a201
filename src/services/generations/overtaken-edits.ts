import { setTimeout as delay } from 'node:timers/promises';
import { LeaseLostError } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../log.ts';
import { type EditTextDeps, editText } from './edit-text.ts';
import { Job, type Lease } from './job.ts';

export interface OvertakenEditsDeps extends EditTextDeps {
  readonly ledger: Pick<Ledger, 'generations' | 'tasks'>;
  readonly log: Logger;
}

/** The database may be out of reach, and whoever has taken over may not be done. The last word of that one comes later. */
const LOOK_PAUSES_MS = [0, 5000, 15_000, 60_000] as const;

/**
 * Mends replies that an edit of this process may have overwritten: it was being sent when the lease ended, and may have
 * landed after the last word of the process that has taken over. Shows that word again, without its images, which stay.
 */
export function createOvertakenEdits({ ledger, log, ...deps }: OvertakenEditsDeps) {
  const stopping = new AbortController();
  const { signal } = stopping;

  /** Resolves with whether the last word was there and is shown again. */
  async function repeatLastWord(id: string): Promise<boolean> {
    const stored = await ledger.generations.find(id);
    if (!stored || stored.generation.settledAt === null) return false;
    const context = { ledger: ledger.tasks, log, stopping: signal, halt: signal, isCancelled: false };
    await editText(new Job(stored, { ...context, lease: NONE, defer: null }), 'final', deps);
    return true;
  }

  return {
    /** Never rejects. */
    async mend(id: string): Promise<void> {
      for (const pauseMs of LOOK_PAUSES_MS) {
        try {
          await delay(pauseMs, undefined, { signal, ref: false });
          if (await repeatLastWord(id)) return;
        } catch (err) {
          if (signal.aborted) return;
          log.warn({ err, generation: id }, 'the last word of another process could not be repeated yet');
        }
      }
    },
    stop(): void {
      stopping.abort();
    },
  };
}

/** It is shown again whoever serves it, and nothing is written. */
const NONE: Lease = {
  isLost: true,
  require: () => {
    throw new LeaseLostError('');
  },
  lose: () => undefined,
};
