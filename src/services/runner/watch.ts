import { setTimeout as delay } from 'node:timers/promises';
import { JimmyAiError } from '../jimmyai/errors.ts';
import { steps } from '../ledger/steps.ts';
import type { RunnerDeps } from './deps.ts';
import { expectReady, pauseBefore } from './expectation.ts';
import { type Job, type LiveTask, setTrouble, type Trouble } from './job.ts';
import { takeIn } from './take-in.ts';
import { catchUp, takeStep } from './take-step.ts';

/** The service says that it doesn't know the task this often in a row before that is believed. */
const UNKNOWN_TASK_TRIES = 3;
/** Failed queries in a row before the reply mentions it. */
const TROUBLE_SHOWN_AFTER = 2;
/** A task found past its deadline after a restart gets this long to be asked about, in case the service is out of reach. */
const RESUMED_GRACE_MS = 60_000;

/**
 * Asks about a running task until it is over or its deadline has passed. Failed queries only slow it down.
 * Rejects with an AbortError when the process is about to stop or the person no longer waits.
 */
export async function watch(
  task: LiveTask,
  job: Job,
  deps: RunnerDeps,
  { askAtOnce }: { askAtOnce: boolean },
): Promise<void> {
  const { now, schedule, taskDeadlineMs } = deps;
  const startedAt = task.row.watchedSince ?? now();
  const deadline = Math.max(startedAt + taskDeadlineMs, askAtOnce ? now() + RESUMED_GRACE_MS : 0);
  const ask = asker(task, job, deps);

  expectReady(task, job, deps);
  job.changed();
  let wait = askAtOnce ? 0 : pauseBefore(task, job, deps);
  while (task.row.state === 'running') {
    await delay(Math.max(0, Math.min(wait, deadline - now())), null, { signal: job.halt });
    if (task.onDisk !== task.row.state) await catchUp(task, job, deps);
    const failed = await ask();
    const overdue = now() - startedAt >= taskDeadlineMs;
    const mayAnswerLater = failed?.unanswered && now() < deadline;
    if (task.row.state === 'running' && overdue && !mayAnswerLater) {
      job.log.warn({ taskId: task.row.id }, 'the deadline has passed');
      await takeStep(task, steps.expire(now()), job, deps);
    }
    const atLeast = failed ? schedule.pauseAfterFailureMs(failed.failures, failed.retryAfterMs) : 0;
    wait = Math.max(pauseBefore(task, job, deps), atLeast);
  }
}

interface Failed {
  /** In a row. */
  readonly failures: number;
  readonly retryAfterMs: number | null;
  /** The service said nothing about the task: it is out of reach, or refuses the key. */
  readonly unanswered: boolean;
}

/** Asks once per call and takes in what the service says; null where it answered. */
function asker(task: LiveTask, job: Job, deps: RunnerDeps): () => Promise<Failed | null> {
  const { service, now } = deps;
  const { id, serviceTaskId } = task.row;
  let failures = 0;
  let unknown = 0;
  let lookedAt = task.row.watchedSince ?? now();

  return async () => {
    // Not kept between two queries, which may lie far apart.
    const log = job.log.child({ taskId: id, serviceTaskId });
    try {
      const askedAt = now();
      const report = await service.queryImageTask(serviceTaskId ?? '', { log, signal: job.halt });
      failures = 0;
      unknown = 0;
      setTrouble(task, job, null);
      await takeIn(report, lookedAt, task, job, deps);
      lookedAt = askedAt;
      return null;
    } catch (error) {
      if (!(error instanceof JimmyAiError)) throw error;
      job.halt.throwIfAborted();
      failures += 1;
      unknown = error.kind === 'parameters' ? unknown + 1 : 0;
      log.warn({ err: error, failures }, 'the task could not be asked about');
      await takeInFailure(error, { failures, unknown }, task, job, deps);
      return { failures, retryAfterMs: error.retryAfterMs, unanswered: troubleOf(error) !== 'confused' };
    }
  };
}

async function takeInFailure(
  error: JimmyAiError,
  { failures, unknown }: { failures: number; unknown: number },
  task: LiveTask,
  job: Job,
  deps: RunnerDeps,
): Promise<void> {
  if (error.kind === 'rate-limited') deps.schedule.slowDown();
  if (unknown >= UNKNOWN_TASK_TRIES) {
    const ending = { reason: 'task-unknown', words: error.serviceMessage } as const;
    await takeStep(task, steps.fail(ending, deps.now()), job, deps);
  } else if (failures >= TROUBLE_SHOWN_AFTER) {
    setTrouble(task, job, troubleOf(error));
  }
}

function troubleOf({ kind }: JimmyAiError): Trouble {
  if (kind === 'authentication') return 'key-refused';
  const answered = kind === 'malformed-answer' || kind === 'unknown-code' || kind === 'parameters';
  return answered ? 'confused' : 'unreachable';
}
