import type { Reservation } from '../ledger/generations.ts';
import type { Logger } from '../log.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job } from './job.ts';
import { serve } from './serve.ts';

export type { RunnerDeps } from './deps.ts';
export type { JobState } from './job.ts';

/** Owns generations from their reservation to their delivery. */
export interface Runner {
  /** Puts the request on disk; null where this interaction has been reserved already. Throws where it can't be written. */
  reserve(reservation: Reservation): Promise<string | null>;
  /** Serves a reserved generation. `acknowledged`: Discord is known to have accepted the deferred reply. */
  start(id: string, options: { acknowledged: boolean }): Promise<void>;
  /** Picks up whatever an earlier process left unsettled; returns how many there are. */
  resume(): Promise<number>;
  /** Tells everyone who waits that it goes on after the restart, and gives requests under way this long to end. */
  stop(graceMs: number): Promise<void>;
}

export function createRunner({ log, ...deps }: RunnerDeps & { log: Logger }): Runner {
  const { ledger } = deps;
  const stopping = new AbortController();
  const serving = new Map<string, Promise<void>>();

  function begin(id: string, options: { resumed: boolean }): void {
    if (serving.has(id)) return;
    const done = load(id)
      .then((job) => (job ? serve(job, deps, options) : undefined))
      .catch((err: unknown) => log.error({ err, generation: id }, 'the generation could not be served'))
      .finally(() => serving.delete(id));
    serving.set(id, done);
  }

  async function load(id: string): Promise<Job | null> {
    const found = await ledger.generations.find(id);
    if (!found) return null;
    return {
      generation: found.generation,
      references: found.references,
      tasks: found.tasks.map((row) => ({ row, progress: null, begun: false, image: null, change: null })),
      log: log.child({ generation: id, reference: referenceOf(id) }),
      stopping: stopping.signal,
      trouble: false,
      changed: () => undefined,
    };
  }

  return {
    reserve: (reservation) => ledger.generations.reserve(reservation),
    async start(id, { acknowledged }) {
      try {
        if (acknowledged) await ledger.generations.acknowledge(id);
      } catch (err) {
        log.error(
          { err, generation: id },
          'the acknowledgement could not be written; an edit will prove it again',
        );
      }
      begin(id, { resumed: false });
    },
    async resume() {
      const ids = await ledger.generations.unsettled();
      for (const id of ids) begin(id, { resumed: true });
      return ids.length;
    },
    async stop(graceMs) {
      stopping.abort();
      const grace = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref());
      await Promise.race([Promise.all(serving.values()), grace]);
    },
  };
}

/** The short number that a person sees and an operator finds in the log. */
export function referenceOf(generationId: string): string {
  return generationId.slice(-8);
}
