import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Ledger } from '../ledger/index.ts';
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

/** After a start, between two turns of the event loop: interactions must not wait until all are picked up. */
const RESUMED_PER_TURN = 10;

/** Serves generations from their reservation to their delivery. */
export interface Worker {
  /**
   * Puts the request on disk, then has the reply deferred, then serves it in the background. `known` where this
   * interaction is being served already. Where a limit is in the way, or the request can't be written (then it throws),
   * nothing has happened.
   */
  begin(reservation: Reservation, defer: Defer): Promise<'begun' | 'known' | ReserveRefusal>;
  /** The limit that a request would meet now: what is asked before any work is done for it. `begin` decides. */
  refusalOf(wanted: Wanted): Promise<LimitRefusal | null>;
  /** Takes over what an earlier process left unsettled. */
  takeOver(ids: readonly string[]): void;
  /** Where a generation stands in line; null where it doesn't wait there. */
  placeOf(id: string): Place | null;
  /** Writes down that nobody waits any more, and stops waiting. False where there is nothing left to wait for. */
  cancel(id: string): Promise<boolean>;
  /**
   * Takes up again what was given up, at an address whose reply Discord has accepted. False where there is nothing to
   * take up, or it is being served already. Throws where it can't be written.
   */
  reopen(id: string, address: ReplyAddress, message: Generation['message']): Promise<boolean>;
  /** Tells everyone who waits that it goes on after the restart, and gives requests under way this long to end. */
  stop(graceMs: number): Promise<void>;
}

interface Serving {
  /** Aborted when the person no longer waits, or the process is about to stop. */
  readonly halting: AbortController;
  /** Null once the job has it, and where an earlier process began. */
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

  function track(id: string, defer: Defer | null, turn: Promise<void> = Promise.resolve()): void {
    if (serving.has(id)) return;
    const served: Serving = { halting: new AbortController(), defer, done: turn, job: null };
    serving.set(id, served);
    served.done = serveInTurn(id, served, turn);
  }

  /** Never rejects. Not a step more than needed is async here: thousands wait in it. */
  async function serveInTurn(id: string, served: Serving, turn: Promise<void>): Promise<void> {
    await turn;
    for (let failures = 0; ; failures += 1) {
      try {
        served.job ??= await load(id, served);
        if (served.job) await serve(served.job, deps);
        break;
      } catch (err) {
        // It is left to the next process.
        if (stopping.signal.aborted) break;
        await pauseAfter(err, failures, id, served);
      }
    }
    serving.delete(id);
  }

  /** Ends at once when the process is about to stop, and when the person cancels: they wait for an answer. */
  async function pauseAfter(
    err: unknown,
    failures: number,
    id: string,
    { job, halting }: Serving,
  ): Promise<void> {
    const pause = RECOVERY_PAUSES_MS[Math.min(failures, RECOVERY_PAUSES_MS.length - 1)];
    const jobLog = job?.log ?? log.child({ generation: id });
    jobLog.error({ err, pause }, 'the generation could not be served; it is tried again');
    // A cancel that fails, too, is paused after like anything else.
    const { signal } = halting.signal.aborted ? stopping : halting;
    await delay(pause, null, { signal }).catch(() => undefined);
  }

  /** Null where it is settled: somebody else has served it. */
  async function load(id: string, served: Serving): Promise<Job | null> {
    const stored = await ledger.generations.find(id);
    if (!stored || stored.generation.settledAt !== null) return null;
    const { halting, defer } = served;
    served.defer = null;
    if (stored.generation.cancelRequestedAt !== null) halting.abort();
    const isCancelled = halting.signal.aborted && !stopping.signal.aborted;
    const signals = { stopping: stopping.signal, halt: halting.signal };
    return new Job(stored, { ledger: ledger.tasks, log, defer, ...signals, isCancelled });
  }

  /** Says when the next one is about to end, where that is what has to happen first. */
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
      let turn = Promise.resolve();
      for (const [index, id] of ids.entries()) {
        if (index % RESUMED_PER_TURN === 0) turn = turn.then(() => nextTurn());
        track(id, null, turn);
      }
    },
    async cancel(id) {
      const served = serving.get(id);
      if (!served || !(served.job?.tasks.some(({ row }) => isWaiting(row)) ?? true)) return false;
      try {
        // On disk first: an image that somebody no longer wants must not be paid after a restart.
        if (!(await ledger.generations.requestCancel(id))) return false;
      } catch (err) {
        log.error({ err, generation: id }, 'the cancel could not be written; it holds for this process only');
      }
      if (served.job) served.job.isCancelled = true;
      served.halting.abort();
      served.job?.changed();
      return true;
    },
    async reopen(id, address, message) {
      const stored = await ledger.generations.find(id);
      // What follows the last word, like a notice, is over soon.
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
      for (const { halting } of serving.values()) halting.abort();
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
