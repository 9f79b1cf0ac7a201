import { setTimeout as delay, setImmediate as nextIteration } from 'node:timers/promises';
import { LeaseLostError } from '../ledger/leases.ts';
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
import { heldReplies } from './held-replies.ts';
import { type Defer, Job } from './job.ts';
import { createLateConfirmations } from './late-confirmations.ts';
import { createLeaseKeeper } from './lease-keeper.ts';
import { createOvertakenEdits } from './overtaken-edits.ts';
import { type ServeDeps, serve } from './serve.ts';
import { Serving } from './serving.ts';

/** Pauses before a generation that failed for an unforeseen reason is served again; the last one repeats. */
const RECOVERY_PAUSES_MS = [10_000, 60_000, 300_000, 600_000] as const;

/** Generations resumed per iteration of the event loop, so that interactions don't wait for all of them. */
const RESUMED_PER_ITERATION = 10;

/** Serves generations from their reservation to their delivery. */
export interface Worker {
  /**
   * Puts the request on disk, defers the reply, and serves the generation in the background. Resolves with `known` when
   * this interaction is being served already. Nothing has happened when a limit refuses the request, or when it can't be
   * written (then it throws) in the time that Discord waits, counted from `since` (by `performance.now`).
   */
  begin(reservation: Reservation, defer: Defer, since: number): Promise<'begun' | 'known' | ReserveRefusal>;
  /** The limit that would refuse a request now, for asking before any work is done. Only `begin` decides. */
  refusalOf(wanted: Wanted): Promise<LimitRefusal | null>;
  /** Takes over what nobody serves, now and from then on. Resolves with how many generations that were at once. */
  start(): Promise<number>;
  /** The places in line of those of these generations that wait, whoever serves them. Others may be among them. */
  placesOf(ids: readonly string[]): Promise<ReadonlyMap<string, Place>>;
  /**
   * Records the cancel, and whoever serves the generation stops waiting. Resolves with false when there is nothing left to
   * wait for.
   */
  cancel(id: string): Promise<boolean>;
  /**
   * Serves the generation's given-up tasks again, at an address whose reply Discord has accepted. Resolves with false if
   * there are none, or the generation is being served already, by whichever process. Throws when the ledger can't be written.
   */
  reopen(id: string, address: ReplyAddress, message: Generation['message']): Promise<boolean>;
  /**
   * Says in every waiting reply that it goes on after the restart, and gives requests in flight this long to end. Then
   * others may serve them.
   */
  stop(graceMs: number): Promise<void>;
}

export function createWorker({
  log,
  ...given
}: ServeDeps & {
  readonly ledger: Pick<Ledger, 'tasks' | 'leases' | 'wakeUps'>;
  readonly log: Logger;
}): Worker {
  const { ledger, scheduler, now, elapsed } = given;
  const serving = new Map<string, Serving>();
  let isStopping = false;
  /** Those that were served at the end of this process; some may be settled. */
  const left: string[] = [];
  const overtaken = createOvertakenEdits({ ...given, log });
  const deps = { ...given, replies: heldReplies(given.replies, serving, overtaken.mend) };
  const keeper = createLeaseKeeper({ ledger, serving, take, elapsed, log });
  const confirmations = createLateConfirmations({ ledger, take, now, elapsed, log });

  function track(id: string, defer: Defer | null, heldUntil: number, start = Promise.resolve()): void {
    const earlier = serving.get(id);
    // The ledger has just given the lease anew: it was lost, though this process didn't know.
    earlier?.lose(new LeaseLostError(id));
    const served = new Serving(id, defer, heldUntil, elapsed);
    serving.set(id, served);
    if (isStopping) served.stop();
    served.done = serveFrom(earlier ? earlier.done.then(() => start) : start, served);
  }

  function take(ids: readonly string[], heldUntil: number): void {
    let start = Promise.resolve();
    for (const [index, id] of ids.entries()) {
      if (index % RESUMED_PER_ITERATION === 0) start = start.then(() => nextIteration());
      track(id, null, heldUntil, start);
    }
  }

  /** Never rejects. Thousands wait in it, so it is async only where it must be. */
  async function serveFrom(start: Promise<void>, served: Serving): Promise<void> {
    await start;
    for (let failures = 0; ; failures += 1) {
      try {
        served.job ??= await load(served);
        if (served.job) await serve(served.job, deps);
        break;
      } catch (err) {
        if (served.stopping.signal.aborted) break;
        await pauseAfter(err, failures, served);
      }
    }
    leave(served);
  }

  function leave(served: Serving): void {
    const { id, job, isLost, stopping } = served;
    if (serving.get(id) === served) serving.delete(id);
    if (!stopping.signal.aborted) return;
    if (!isLost) return void left.push(id);
    log.info({ generation: id }, 'another process may serve the generation by now');
    if (job) confirmations.remember(job);
  }

  /** Ends at once when this process is not to serve it any more, or when the person cancels and waits for an answer. */
  async function pauseAfter(err: unknown, failures: number, served: Serving): Promise<void> {
    const pause = RECOVERY_PAUSES_MS[Math.min(failures, RECOVERY_PAUSES_MS.length - 1)];
    const jobLog = served.job?.log ?? log.child({ generation: served.id });
    jobLog.error({ err, pause }, 'the generation could not be served; it is retried');
    // A cancel that fails is retried after the same pauses.
    const { signal } = served.halt.signal.aborted ? served.stopping : served.halt;
    await delay(pause, null, { signal }).catch(() => undefined);
  }

  /** Resolves with null when the generation is settled already. */
  async function load(served: Serving): Promise<Job | null> {
    const stored = await ledger.generations.find(served.id);
    if (!stored || stored.generation.settledAt !== null) return null;
    const { halt, stopping, defer } = served;
    served.defer = null;
    if (stored.generation.cancelRequestedAt !== null) halt.abort();
    const isCancelled = halt.signal.aborted && !stopping.signal.aborted;
    const signals = { stopping: stopping.signal, halt: halt.signal };
    return new Job(confirmations.recall(stored), {
      ledger: ledger.tasks,
      log,
      lease: served,
      defer,
      ...signals,
      isCancelled,
    });
  }

  /** For a generation that this process doesn't serve. */
  async function isWaitedForElsewhere(id: string): Promise<boolean> {
    return (await ledger.generations.find(id))?.tasks.some(isWaiting) ?? false;
  }

  async function letGo(ids: readonly string[]): Promise<void> {
    try {
      await ledger.leases.release(ids);
      if (ids.length > 0) ledger.wakeUps.tell({ kind: 'unserved' });
    } catch (err) {
      log.warn({ err }, 'the leases could not be given up; others take over once they are over');
    }
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

  ledger.wakeUps.onTold((wakeUp) => {
    if (wakeUp.kind === 'cancelled') serving.get(wakeUp.id)?.cancel();
  });

  return {
    async begin(reservation, defer, since) {
      const heldUntil = elapsed() + ledger.leases.lengthMs;
      const reserved = await ledger.generations.reserve(reservation, since);
      if (reserved === null) return 'known';
      if (typeof reserved !== 'string') return withOutlook(reserved, reservation);
      track(reserved, defer, heldUntil);
      return 'begun';
    },
    async refusalOf(wanted) {
      const refusal = await ledger.generations.refusalOf(wanted);
      return refusal && withOutlook(refusal, wanted);
    },
    placesOf: (ids) => scheduler.placesOf(ids),
    start: () => keeper.start(),
    async cancel(id) {
      const served = serving.get(id);
      if (!(served ? served.isWaitedFor : await isWaitedForElsewhere(id))) return false;
      try {
        // Recorded first, so that a cancelled image isn't paid for after a restart.
        if (!(await ledger.generations.requestCancel(id))) return false;
      } catch (err) {
        if (!served) throw err;
        log.error({ err, generation: id }, 'the cancel could not be written; it is lost if the bot restarts');
      }
      served?.cancel();
      // Another process may serve it, also where this one hasn't noticed yet.
      ledger.wakeUps.tell({ kind: 'cancelled', id });
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
      const heldUntil = elapsed() + ledger.leases.lengthMs;
      if (!(await ledger.generations.reopen(id, address, message, changes))) return false;
      track(id, null, heldUntil);
      return true;
    },
    async stop(graceMs) {
      isStopping = true;
      overtaken.stop();
      for (const served of serving.values()) served.stop();
      const grace = delay(graceMs, 'over', { ref: false });
      await Promise.race([Promise.all([keeper.stop(), confirmations.stop()]), grace]);
      while (serving.size > 0) {
        const all = Promise.all([...serving.values()].map(({ done }) => done));
        if ((await Promise.race([all, grace])) === 'over') break;
      }
      // What is still at work keeps its lease until that runs out.
      await Promise.race([letGo(left), grace]);
    },
  };
}

function isRunning({ generation, tasks }: Job): boolean {
  return generation.startedAt !== null && tasks.some(({ row }) => isWaiting(row));
}
