import { setTimeout as delay } from 'node:timers/promises';
import type { Reservation } from '../ledger/generations.ts';
import { referenceNumber } from '../ledger/rows.ts';
import type { Logger } from '../log.ts';
import type { Defer } from './acknowledge.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job } from './job.ts';
import { serve } from './serve.ts';

export type { RunnerDeps } from './deps.ts';
export type { JobState } from './job.ts';

/** Pauses before a generation that failed for an unforeseen reason is served again; the last one repeats. */
const RECOVERY_PAUSES_MS = [10_000, 60_000, 300_000, 600_000] as const;

/** Owns generations from their reservation to their delivery. */
export interface Runner {
  /**
   * Puts the request on disk, then has the reply deferred, then serves it in the background. False where this
   * interaction is being served already. Throws where the request can't be written: then nothing has happened.
   */
  begin(reservation: Reservation, defer: Defer): Promise<boolean>;
  /** Picks up what an earlier process left unsettled. */
  resume(ids: readonly string[]): void;
  /** Tells everyone who waits that it goes on after the restart, and gives requests under way this long to end. */
  stop(graceMs: number): Promise<void>;
}

export function createRunner({ log, ...deps }: RunnerDeps & { log: Logger }): Runner {
  const { ledger } = deps;
  const stopping = new AbortController();
  const serving = new Map<string, Promise<void>>();

  function track(id: string, defer: Defer | null): void {
    if (serving.has(id)) return;
    const served = serveUntilSettled(id, defer)
      .catch((err: unknown) => {
        if (!stopping.signal.aborted)
          log.error({ err, generation: id }, 'the generation is left to the next process');
      })
      .finally(() => serving.delete(id));
    serving.set(id, served);
  }

  async function serveUntilSettled(id: string, defer: Defer | null): Promise<void> {
    const job = await load(id, { resumed: defer === null });
    if (!job) return;
    for (let failures = 0; ; failures += 1) {
      try {
        return await serve(job, deps, failures === 0 ? defer : null);
      } catch (err) {
        stopping.signal.throwIfAborted();
        const pause = RECOVERY_PAUSES_MS[Math.min(failures, RECOVERY_PAUSES_MS.length - 1)];
        job.log.error({ err, pause }, 'the generation could not be served; it is tried again');
        await delay(pause, null, { signal: stopping.signal });
      }
    }
  }

  async function load(id: string, { resumed }: { resumed: boolean }): Promise<Job | null> {
    const found = await ledger.generations.find(id);
    if (!found || found.generation.settledAt !== null) return null;
    const { generation, references, tasks } = found;
    return {
      generation,
      references,
      tasks: tasks.map((row) => ({
        row,
        onDisk: row.state,
        progress: null,
        begun: resumed,
        image: null,
        change: null,
      })),
      log: log.child({ generation: id, reference: referenceNumber(id) }),
      stopping: stopping.signal,
      resumed,
      trouble: null,
      changed: () => undefined,
    };
  }

  return {
    async begin(reservation, defer) {
      const id = await ledger.generations.reserve(reservation);
      if (id === null) return false;
      track(id, defer);
      return true;
    },
    resume(ids) {
      for (const id of ids) track(id, null);
    },
    async stop(graceMs) {
      stopping.abort();
      const grace = delay(graceMs, 'over', { ref: false });
      while (serving.size > 0) {
        const ended = await Promise.race([Promise.all(serving.values()), grace]);
        if (ended === 'over') return;
      }
    },
  };
}
