import { LeaseLostError } from '../ledger/leases.ts';
import { isWaiting } from '../ledger/transitions.ts';
import type { Defer, Job, Lease } from './job.ts';

/** A generation while this process serves it, with what interrupts the work. A class, because thousands wait at the same time. */
export class Serving implements Lease {
  readonly id: string;
  /** Aborted when the process is about to stop or has lost the lease. */
  readonly stopping = new AbortController();
  /** Aborted then, and when the person cancels. */
  readonly halt = new AbortController();
  /** Null once the job has it, and when an earlier process began the generation. */
  defer: Defer | null;
  job: Job | null = null;
  /** Never rejects. */
  done: Promise<void> = Promise.resolve();
  /** When the lease is over unless it is renewed, on the monotonic clock. */
  heldUntil: number;
  private lost: LeaseLostError | null = null;
  private readonly elapsed: () => number;

  constructor(id: string, defer: Defer | null, heldUntil: number, elapsed: () => number) {
    this.id = id;
    this.defer = defer;
    this.heldUntil = heldUntil;
    this.elapsed = elapsed;
  }

  get isLost(): boolean {
    return this.lost !== null;
  }

  require(): void {
    this.loseIfOver();
    if (this.lost) throw this.lost;
  }

  /** The clock decides, whatever the ledger said last: the process may have been stopped since. */
  loseIfOver(): void {
    if (this.elapsed() >= this.heldUntil) this.lose(new LeaseLostError(this.id));
  }

  /** Also while the process stops, which has a reason of its own to abort. */
  lose(error: LeaseLostError): void {
    this.lost ??= error;
    this.stopping.abort(error);
    this.halt.abort(error);
  }

  /** The process is about to stop. */
  stop(): void {
    this.stopping.abort();
    this.halt.abort();
  }

  get isWaitedFor(): boolean {
    return this.job?.tasks.some(({ row }) => isWaiting(row)) ?? true;
  }

  /** The person no longer waits; nothing happens where there is nothing left to wait for. */
  cancel(): void {
    const { job } = this;
    if (!this.isWaitedFor || job?.isCancelled) return;
    if (job) job.isCancelled = true;
    this.halt.abort();
    job?.changed();
  }
}
