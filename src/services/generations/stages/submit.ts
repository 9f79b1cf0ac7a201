import { retry } from '../../concurrency/retry.ts';
import type { JimmyAi } from '../../jimmyai/client.ts';
import { JimmyAiError, type JimmyAiErrorKind } from '../../jimmyai/errors.ts';
import type { EndReason } from '../../ledger/rows.ts';
import { type Transition, transitions } from '../../ledger/transitions.ts';
import { qualityToSend } from '../../request/request.ts';
import type { Job, LiveTask } from '../job.ts';
import { type PreparedReferences, ReferenceProblem } from '../references.ts';

export interface SubmitDeps {
  readonly service: Pick<JimmyAi, 'createImageTask'>;
  readonly now: () => number;
}

const STORAGE_PAUSES_MS = [5000, 15_000, 60_000] as const;

/**
 * Takes a reserved task to the service: once, and only after the ledger holds that it is being sent. What comes out is
 * a running task, a refusal that certainly cost nothing, an outcome that nobody knows, or a task that stays reserved for
 * another turn or the next process.
 */
export async function submit(
  task: LiveTask,
  job: Job,
  references: PreparedReferences,
  deps: SubmitDeps,
): Promise<void> {
  const { now } = deps;
  // Only found like this after a crash in the middle of the create: nobody knows whether it was taken.
  if (task.row.state === 'submitting') return job.apply(task, transitions.leaveUnconfirmed(null, now()));
  if (task.row.state !== 'reserved' || job.isCancelled) return;
  let images: string[];
  try {
    images = await references();
  } catch (error) {
    if (!(error instanceof ReferenceProblem)) throw error;
    job.log.info({ err: error, taskId: task.row.id }, 'a reference can not be used');
    return job.apply(task, transitions.refuse({ reason: error.reason, words: error.which }, now()));
  }
  job.halt.throwIfAborted();
  await writeThatItIsSent(task, job, now);
  await create(images, task, job, deps);
}

async function create(images: string[], task: LiveTask, job: Job, deps: SubmitDeps): Promise<void> {
  const log = job.log.child({ taskId: task.row.id });
  const { prompt, model, ratio, resolution } = job.generation.request;
  const quality = qualityToSend(job.generation.request);
  try {
    const { taskId } = await deps.service.createImageTask(
      { model, prompt, ratio, resolution, ...(quality && { quality }), ...(images.length > 0 && { images }) },
      { log, signal: job.halt },
    );
    log.info({ serviceTaskId: taskId }, 'the service took the task');
    await job.apply(task, transitions.run(taskId, deps.now()));
  } catch (error) {
    if (!(error instanceof JimmyAiError)) throw error;
    await job.apply(task, outcomeOf(error, job, deps.now()));
    const isUnknown = task.row.state === 'unconfirmed';
    if (isUnknown) log.error({ err: error }, 'nobody knows whether the service took the task');
    else log.warn({ err: error, state: task.row.state }, 'the service did not take the task');
  }
}

/** What a create that failed makes of its task. */
function outcomeOf(error: JimmyAiError, job: Job, now: number): Transition {
  const words = error.serviceMessage;
  if (error.charged === 'maybe') return transitions.leaveUnconfirmed(words, now);
  if (job.isCancelled) return transitions.cancel(now, now);
  if (isToPutBack(error, job)) return transitions.putBack();
  return transitions.refuse({ reason: reasonOf(error), words }, now);
}

/** Nothing is paid for that isn't on disk: where it can't be written, the task waits until it can. */
async function writeThatItIsSent(task: LiveTask, job: Job, now: () => number): Promise<void> {
  await retry(() => job.applyOnDisk(task, transitions.submit(now())), {
    pausesMs: STORAGE_PAUSES_MS,
    halt: job.halt,
    worthwhile(err) {
      job.log.error({ err, taskId: task.row.id }, 'the ledger could not be written; nothing was sent yet');
      job.setTrouble(task, 'storage');
      return true;
    },
  });
  job.setTrouble(task, null);
}

function isToPutBack({ kind }: JimmyAiError, job: Job): boolean {
  return (job.stopping.aborted && LEFT_TO_NEXT_PROCESS.has(kind)) || (job.isTry && OF_THE_ACCOUNT.has(kind));
}

/** What a try finds out where the account is still in trouble: whoever happened to be first must not pay for that. */
const OF_THE_ACCOUNT: ReadonlySet<JimmyAiErrorKind> = new Set(['authentication', 'credit']);

/** What a later try may mend: a task that ends like this while the process stops is left to the next process. */
const LEFT_TO_NEXT_PROCESS: ReadonlySet<JimmyAiErrorKind> = new Set([
  'aborted',
  'rate-limited',
  'unavailable',
  'unreachable',
]);

/** The ledger's word for a refusal. Those that mean trouble at the service's end share one. */
function reasonOf({ kind }: JimmyAiError): EndReason {
  switch (kind) {
    case 'authentication':
    case 'credit':
    case 'parameters':
    case 'content-policy':
    case 'rate-limited':
    case 'unavailable':
    case 'unreachable':
      return kind;
    default:
      return 'unknown-answer';
  }
}
