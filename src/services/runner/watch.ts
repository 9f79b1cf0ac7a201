import { setTimeout as delay } from 'node:timers/promises';
import type { TaskReport } from '../jimmyai/client.ts';
import { isContentPolicy, JimmyAiError } from '../jimmyai/errors.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveTask } from './job.ts';
import { record } from './record.ts';
import { pollDelayMs, troubleDelayMs } from './schedule.ts';

/** The service says that it doesn't know the task this often before that is believed. */
const UNKNOWN_TASK_TRIES = 3;
/** Failed queries in a row before the reply mentions it. */
const TROUBLE_SHOWN_AFTER = 2;

/**
 * Asks about a running task until it is over or its deadline has passed. Failed queries only slow it down.
 * Rejects with an AbortError when the process is about to stop.
 */
export async function watch(
  task: LiveTask,
  job: Job,
  deps: RunnerDeps,
  { askAtOnce }: { askAtOnce: boolean },
): Promise<void> {
  const { now, taskDeadlineMs, ledger } = deps;
  const startedAt = task.row.submittedAt ?? now();
  const deadline = startedAt + taskDeadlineMs;
  const ask = asker(task, job, deps);

  let wait = askAtOnce ? 0 : pollDelayMs(0, deps);
  while (task.row.state === 'running') {
    await delay(Math.max(0, Math.min(wait, deadline - now())), null, { signal: job.stopping });
    const lastChance = now() >= deadline;
    const trouble = await ask();
    wait = trouble
      ? troubleDelayMs(trouble.failures, trouble.retryAfterMs, deps)
      : pollDelayMs(now() - startedAt, deps);
    if (lastChance && task.row.state === 'running') {
      job.log.warn({ taskId: task.row.id }, 'the deadline has passed');
      await record(task, job, ledger.tasks.expire(task.row.id), deps, {
        state: 'expired',
        reason: 'deadline',
      });
    }
  }
}

interface Trouble {
  readonly failures: number;
  readonly retryAfterMs: number | null;
}

/** Asks once per call, takes in what the service says, and counts the failures in a row; null where it answered. */
function asker(task: LiveTask, job: Job, deps: RunnerDeps): () => Promise<Trouble | null> {
  const { ledger, service } = deps;
  const { id, serviceTaskId } = task.row;
  const log = job.log.child({ taskId: id, serviceTaskId });
  let failures = 0;

  return async () => {
    try {
      const report = await service.queryImageTask(serviceTaskId ?? '', { log, signal: job.stopping });
      failures = 0;
      setTrouble(job, false);
      await takeIn(report, task, job, deps);
      return null;
    } catch (error) {
      if (!(error instanceof JimmyAiError)) throw error;
      job.stopping.throwIfAborted();
      failures += 1;
      log.warn({ err: error, failures }, 'the task could not be asked about');
      if (error.kind === 'parameters' && failures >= UNKNOWN_TASK_TRIES) {
        const end = { reason: 'task-unknown', words: error.serviceMessage } as const;
        await record(task, job, ledger.tasks.fail(id, end), deps, { state: 'failed', reason: end.reason });
      }
      setTrouble(job, failures >= TROUBLE_SHOWN_AFTER);
      return { failures, retryAfterMs: error.retryAfterMs };
    }
  };
}

async function takeIn(report: TaskReport, task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  const { ledger, now } = deps;
  const { id } = task.row;
  if (report.status === 'completed') {
    const { imageUrl } = report;
    const memory = { state: 'completed', imageUrl, endedAt: now() } as const;
    return record(task, job, ledger.tasks.complete(id, imageUrl), deps, memory);
  }
  if (report.status === 'failed') {
    const words = report.reason;
    const reason = words && isContentPolicy(words) ? 'content-policy' : 'model-failed';
    job.log.info({ taskId: id, reason, words }, 'the task failed at the service');
    const memory = { state: 'failed', reason, serviceWords: words } as const;
    return record(task, job, ledger.tasks.fail(id, { reason, words }), deps, memory);
  }
  task.begun ||= report.status === 'running';
  if (report.progress !== null && report.progress > (task.progress?.percent ?? -1)) {
    task.progress = { percent: report.progress, at: now() };
  }
  job.changed();
}

function setTrouble(job: Job, trouble: boolean): void {
  if (job.trouble === trouble) return;
  job.trouble = trouble;
  job.changed();
}
