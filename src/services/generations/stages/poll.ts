import { ImageServiceError } from '../../image-service/errors.ts';
import type { ImageService } from '../../image-service/service.ts';
import { transitions } from '../../ledger/transitions.ts';
import { expectReady, pauseBefore } from '../expectation.ts';
import type { Job, LiveTask, TaskTrouble } from '../job.ts';
import { applyReport, type ReportDeps } from '../report.ts';

export interface PollDeps extends ReportDeps {
  readonly service: Pick<ImageService, 'queryImageTask'>;
  readonly taskDeadlineMs: number;
  /** Milliseconds on a monotonic clock. */
  readonly elapsed: () => number;
  /** Whether the service has certainly deleted the result of a task sent at that time. */
  readonly isOutlived: (sentAt: number) => boolean;
}

/** Failed queries in a row before the reply mentions it. */
const TROUBLE_SHOWN_AFTER = 2;
/** After a restart, a task past its deadline is still asked about for this long, in case the service is out of reach. */
const RESUMED_GRACE_MS = 60_000;

/**
 * Polls a running task until it is over or its deadline has passed. Failed queries only slow the polling down. A task
 * that an earlier process left is asked about at once. Rejects with an AbortError when the process is about to stop or
 * the person cancels.
 */
export function poll(task: LiveTask, job: Job, deps: PollDeps): Promise<void> {
  if (task.row.state !== 'running' || job.isCancelled) return Promise.resolve();
  return new Promise((resolve, reject) => {
    new Poller(task, job, deps, (error) => (error === null ? resolve() : reject(error))).begin();
  });
}

interface Failed {
  readonly retryAfterMs: number | null;
  /** The service said nothing about the task: it is out of reach, refuses the key, or doesn't know the task. */
  readonly unanswered: boolean;
}

/**
 * Polls one task. An object with a timer rather than a sleeping async function: thousands of them wait at the same
 * time, and a sleeping function keeps its promises, listeners and locals in memory.
 */
class Poller {
  private readonly task: LiveTask;
  private readonly job: Job;
  private readonly deps: PollDeps;
  private readonly done: (error: unknown) => void;
  private readonly startedAt: number;
  /** On the monotonic clock: a wrong wall clock must not expire a paid task. */
  private readonly deadline: number;
  /** When to stop waiting for a service that is out of reach. */
  private patientUntil: number;
  private lookedAt: number;
  /** Queries in a row that failed. */
  private failures = 0;
  /** Null while a query is under way. */
  private timer: NodeJS.Timeout | null = null;

  constructor(task: LiveTask, job: Job, deps: PollDeps, done: (error: unknown) => void) {
    this.task = task;
    this.job = job;
    this.deps = deps;
    this.done = done;
    this.startedAt = task.row.watchedSince ?? deps.now();
    // Only the wall clock knows how much time passed before a restart.
    const waitedMs = Math.max(0, deps.now() - this.startedAt);
    this.deadline = deps.elapsed() + deps.taskDeadlineMs - waitedMs;
    this.patientUntil = this.deadline;
    this.lookedAt = this.startedAt;
  }

  begin(): void {
    const { task, job, deps } = this;
    const askAtOnce = task.askAtOnce;
    task.askAtOnce = false;
    if (askAtOnce) this.patientUntil = Math.max(this.deadline, deps.elapsed() + RESUMED_GRACE_MS);
    expectReady(task, job, deps);
    job.changed();
    job.halt.addEventListener('abort', this);
    this.askAfter(askAtOnce ? 0 : pauseBefore(task, job, deps));
  }

  /** Handles the halt signal's abort, which also aborts a query in flight. */
  handleEvent(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.end(this.job.halt.reason);
  }

  private askAfter(ms: number): void {
    const { job, deps, patientUntil } = this;
    if (job.halt.aborted) this.end(job.halt.reason);
    else
      this.timer = setTimeout(() => this.askNow(), Math.max(0, Math.min(ms, patientUntil - deps.elapsed())));
  }

  private askNow(): void {
    this.timer = null;
    this.ask().then(
      (pause) => (pause === null ? this.end(null) : this.askAfter(pause)),
      (error: unknown) => this.end(error),
    );
  }

  private end(error: unknown): void {
    this.job.halt.removeEventListener('abort', this);
    this.done(error);
  }

  /** Asks once. Resolves with the pause before the next query, in milliseconds; null when the task is over. */
  private async ask(): Promise<number | null> {
    const { task, job, deps } = this;
    const { now, elapsed, schedule } = deps;
    if (task.onDisk !== task.row.state) await job.catchUp(task);
    const failed = await this.query();
    const overdue = elapsed() >= this.deadline;
    const mayAnswerLater = failed?.unanswered && elapsed() < this.patientUntil;
    if (task.row.state === 'running' && overdue && !mayAnswerLater) {
      job.log.warn({ taskId: task.row.id }, 'the deadline has passed');
      await job.apply(task, transitions.expire(now()));
    }
    if (task.row.state !== 'running') return null;
    const atLeast = failed ? schedule.pauseAfterFailureMs(this.failures, failed.retryAfterMs) : 0;
    return Math.max(pauseBefore(task, job, deps), atLeast);
  }

  /** Queries the task and applies the answer. Resolves with null when the query succeeded. */
  private async query(): Promise<Failed | null> {
    const { task, job, deps } = this;
    const { id, serviceTaskId } = task.row;
    const log = job.log.child({ taskId: id, serviceTaskId });
    try {
      const askedAt = deps.now();
      const report = await deps.service.queryImageTask(serviceTaskId ?? '', { log, signal: job.halt });
      this.failures = 0;
      job.setTrouble(task, null);
      await applyReport(report, this.lookedAt, task, job, deps);
      this.lookedAt = askedAt;
      return null;
    } catch (error) {
      if (!(error instanceof ImageServiceError)) throw error;
      job.halt.throwIfAborted();
      this.failures += 1;
      log.warn({ err: error, failures: this.failures }, 'the query for the task failed');
      await this.handleFailure(error);
      return { retryAfterMs: error.retryAfterMs, unanswered: isSilent(error) };
    }
  }

  /** Whether the service no longer keeps the task. Until then, another of its replicas may know it. */
  private isForgotten(): boolean {
    const { task, deps, startedAt } = this;
    return deps.isOutlived(task.row.submittedAt ?? startedAt);
  }

  private async handleFailure(error: ImageServiceError): Promise<void> {
    const { task, job, deps } = this;
    if (error.kind === 'rate-limited') deps.schedule.slowDown();
    if (error.kind === 'parameters' && this.isForgotten()) {
      const ending = { reason: 'task-unknown', words: error.serviceMessage } as const;
      await job.apply(task, transitions.fail(ending, deps.now()));
    } else if (this.failures >= TROUBLE_SHOWN_AFTER) {
      job.setTrouble(task, troubleOf(error));
    }
  }
}

/** Whether the error says nothing about the task. `parameters` may come from a lagging replica that doesn't know it. */
function isSilent(error: ImageServiceError): boolean {
  return error.kind === 'parameters' || troubleOf(error) !== 'confused';
}

function troubleOf({ kind }: ImageServiceError): TaskTrouble {
  if (kind === 'authentication') return 'key-refused';
  const answered = kind === 'malformed-answer' || kind === 'unknown-code' || kind === 'parameters';
  return answered ? 'confused' : 'unreachable';
}
