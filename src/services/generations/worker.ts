import { setTimeout as delay, setImmediate as nextIteration } from 'node:timers/promises';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReplyAddress, Reservation, ReserveRefusal } from '../ledger/reserve.ts';
import type { Generation } from '../ledger/rows.ts';
import { canReopen, isWaiting, transitions } from '../ledger/transitions.ts';
import type { Wanted } from '../ledger/usage.ts';
import type { Logger } from '../log.ts';
import type { LimitRefusal } from '../request/limits.ts';
import type { Place } from '../scheduler/fair-order.ts';
import { nextEndAt } from '../scheduler/outlook.ts';
import { endOf } from './expectation.ts';
import { type Defer, Job } from './job.ts';
import { type ServeDeps, serve } from './serve.ts';

/** Pauses before a generation that failed for an unforeseen reason is served again; the last one repeats. */
const RECOVERY_PAUSES_MS = [10_000, 60_000, 300_000, 600_000] as const;

/** Generations resumed per iteration of the event loop after a start, so that interactions don't wait for all of them. */
const RESUMED_PER_ITERATION = 10;

/** Serves generations from their reservation to their delivery. */
export interface Worker {
  /**
   * Puts the request on disk, defers the reply, and serves the generation in the background. Resolves with `known` when
   * this interaction is being served already. Nothing has happened when a limit refuses the request, or when it can't be
   * written (then it throws).
   */
  begin(reservation: Reservation, defer: Defer): Promise<'begun' | 'known' | ReserveRefusal>;
  /** The limit that would refuse a request now, for asking before any work is done. Only `begin` decides. */
  refusalOf(wanted: Wanted): Promise<LimitRefusal | null>;
  /** Serves generations that an earlier process left unsettled. */
  takeOver(ids: readonly string[]): void;
  /** A generation's place in line; null when it isn't waiting. */
  placeOf(id: string): Place | null;
  /** Records the cancel and stops waiting. Resolves with false when there is nothing left to wait for. */
  cancel(id: string): Promise<boolean>;
  /**
   * Serves the generation's given-up tasks again, at an address whose reply Discord has accepted. Resolves with false if
   * there are none, or the generation is being served already. Throws when the ledger can't be written.
   */
  reopen(id: string, address: ReplyAddress, message: Generation['message']): Promise<boolean>;
  /** Says in every waiting reply that it goes on after the restart, and gives requests in flight this long to end. */
  stop(graceMs: number): Promise<void>;
}

interface Serving {
  /** Aborted when the person cancels or the process is about to stop. */
  readonly halt: AbortController;
  /** Null once the job has it, and when an earlier process began the generation. */
  defer: Defer | null;
  done: Promise<void>;
  job: Job | null;
}

export function createWorker({
  log,
  ...deps
}: ServeDeps & { readonly ledger: Pick<Ledger, 'tasks'>; readonly log: Logger }): Worker {
  const { ledger, scheduler, now } = deps;
  const stopping = new AbortController();
  const serving = new Map<string, Serving>();

  function track(id: string, defer: Defer | null, start: Promise<void> = Promise.resolve()): void {
    if (serving.has(id)) return;
    const served: Serving = { halt: new AbortController(), defer, done: start, job: null };
    serving.set(id, served);
    served.done = serveFrom(start, id, served);
  }

  /** Never rejects. Thousands wait in it, so it is async only where it must be. */
  async function serveFrom(start: Promise<void>, id: string, served: Serving): Promise<void> {
    await start;
    for (let failures = 0; ; failures += 1) {
      try {
        served.job ??= await load(id, served);
        if (served.job) await serve(served.job, deps);
        break;
      } catch (err) {
        // The next process serves it.
        if (stopping.signal.aborted) break;
        await pauseAfter(err, failures, id, served);
      }
    }
    serving.delete(id);
  }

  /** Ends at once when the process is about to stop, or when the person cancels and waits for an answer. */
  async function pauseAfter(
    err: unknown,
    failures: number,
    id: string,
    { job, halt }: Serving,
  ): Promise<void> {
    const pause = RECOVERY_PAUSES_MS[Math.min(failures, RECOVERY_PAUSES_MS.length - 1)];
    const jobLog = job?.log ?? log.child({ generation: id });
    jobLog.error({ err, pause }, 'the generation could not be served; it is retried');
    // A cancel that fails is retried after the same pauses.
    const { signal } = halt.signal.aborted ? stopping : halt;
    await delay(pause, null, { signal }).catch(() => undefined);
  }

  /** Resolves with null when the generation is settled already. */
  async function load(id: string, served: Serving): Promise<Job | null> {
    const stored = await ledger.generations.find(id);
    if (!stored || stored.generation.settledAt !== null) return null;
    const { halt, defer } = served;
    served.defer = null;
    if (stored.generation.cancelRequestedAt !== null) halt.abort();
    const isCancelled = halt.signal.aborted && !stopping.signal.aborted;
    const signals = { stopping: stopping.signal, halt: halt.signal };
    return new Job(stored, { ledger: ledger.tasks, log, defer, ...signals, isCancelled });
  }

  /** Adds when the next generation is expected to end, if the refusal is for too many that wait. */
  function withOutlook<Refusal extends ReserveRefusal>(
    refusal: Refusal,
    { userId, guildId }: Pick<Wanted, 'userId' | 'guildId'>,
  ): Refusal {
    if (refusal.kind !== 'waiting') return refusal;
    const jobs = [...serving.values()].flatMap(({ job }) => job ?? []);
    const running = jobs.filter(isRunning).map((job) => ({ ...job.generation, endsAt: endOf(job) }));
    return { ...refusal, freeAt: nextEndAt(running, { scope: refusal.scope, userId, guildId }, now()) };
  }

  return {
    async begin(reservation, defer) {
      const reserved = await ledger.generations.reserve(reservation);
      if (reserved === null) return 'known';
      if (typeof reserved !== 'string') return withOutlook(reserved, reservation);
      track(reserved, defer);
      return 'begun';
    },
    async refusalOf(wanted) {
      const refusal = await ledger.generations.refusalOf(wanted);
      return refusal && withOutlook(refusal, wanted);
    },
    placeOf: (id) => scheduler.placeOf(id),
    takeOver(ids) {
      let start = Promise.resolve();
      for (const [index, id] of ids.entries()) {
        if (index % RESUMED_PER_ITERATION === 0) start = start.then(() => nextIteration());
        track(id, null, start);
      }
    },
    async cancel(id) {
      const served = serving.get(id);
      if (!served || !(served.job?.tasks.some(({ row }) => isWaiting(row)) ?? true)) return false;
      try {
        // Recorded first, so that a cancelled image isn't paid for after a restart.
        if (!(await ledger.generations.requestCancel(id))) return false;
      } catch (err) {
        log.error({ err, generation: id }, 'the cancel could not be written; it is lost if the bot restarts');
      }
      if (served.job) served.job.isCancelled = true;
      served.halt.abort();
      served.job?.changed();
      return true;
    },
    async reopen(id, address, message) {
      const stored = await ledger.generations.find(id);
      // The follow-up to the last word, like a notice, ends soon.
      if (stored && stored.generation.settledAt !== null) await serving.get(id)?.done;
      const reopened = stored?.tasks.filter(canReopen) ?? [];
      if (serving.has(id) || reopened.length === 0) return false;
      const changes = reopened.map((task) => ({
        from: task.state,
        task: transitions.reopen(now()).to(task),
      }));
      if (!(await ledger.generations.reopen(id, address, message, changes))) return false;
      track(id, null);
      return true;
    },
    async stop(graceMs) {
      stopping.abort();
      for (const { halt } of serving.values()) halt.abort();
      const grace = delay(graceMs, 'over', { ref: false });
      while (serving.size > 0) {
        const all = Promise.all([...serving.values()].map(({ done }) => done));
        if ((await Promise.race([all, grace])) === 'over') return;
      }
    },
  };
}

function isRunning({ generation, tasks }: Job): boolean {
  return generation.startedAt !== null && tasks.some(({ row }) => isWaiting(row));
}
