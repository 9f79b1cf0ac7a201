import { JimmyAiError, type JimmyAiErrorKind } from '../jimmyai/errors.ts';
import type { EndReason } from '../ledger/rows.ts';
import { type Ending, steps } from '../ledger/steps.ts';
import { qualityToSend } from '../request/request.ts';
import type { RunnerDeps } from './deps.ts';
import { type Job, type LiveTask, setTrouble } from './job.ts';
import { patiently } from './patience.ts';
import { preparedReferences, ReferenceProblem } from './references.ts';
import { takeStep, takeStepOnDisk } from './take-step.ts';

const STORAGE_PAUSES_MS = [5000, 15_000, 60_000] as const;

/**
 * Takes a reserved task to the service: once, and only after the ledger holds that it is being sent. What comes out
 * is a running task, a refusal that certainly cost nothing, or an outcome that nobody knows.
 */
export async function submit(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  const { service, now } = deps;
  const log = job.log.child({ taskId: task.row.id });
  const refuse = (ending: Ending) => takeStep(task, steps.refuse(ending, now()), job, deps);

  let images: string[];
  try {
    images = await preparedReferences(job, deps);
  } catch (error) {
    if (!(error instanceof ReferenceProblem)) throw error;
    log.info({ err: error }, 'a reference can not be used');
    return refuse({ reason: error.reason, words: error.which });
  }
  job.halt.throwIfAborted();
  await writeThatItIsSent(task, job, deps);
  job.changed();

  const { prompt, model, ratio, resolution } = job.generation.request;
  const quality = qualityToSend(job.generation.request);
  try {
    const { taskId } = await service.createImageTask(
      { model, prompt, ratio, resolution, ...(quality && { quality }), ...(images.length > 0 && { images }) },
      { log, signal: job.halt },
    );
    log.info({ serviceTaskId: taskId }, 'the service took the task');
    await takeStep(task, steps.run(taskId, now()), job, deps);
  } catch (error) {
    if (!(error instanceof JimmyAiError)) throw error;
    const words = error.serviceMessage;
    if (error.charged === 'maybe') {
      log.error({ err: error }, 'nobody knows whether the service took the task');
      return takeStep(task, steps.leaveUnconfirmed(words, now()), job, deps);
    }
    if (job.isCancelled) return takeStep(task, steps.cancel(now(), now()), job, deps);
    if (isToPutBack(error, job)) return takeStep(task, steps.putBack(), job, deps);
    log.warn({ err: error }, 'the service did not take the task');
    await refuse({ reason: reasonOf(error), words });
  }
}

/** Nothing is paid for that isn't on disk: where it can't be written, the task waits until it can. */
async function writeThatItIsSent(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  await patiently(() => takeStepOnDisk(task, steps.submit(deps.now()), job, deps), {
    pausesMs: STORAGE_PAUSES_MS,
    halt: job.halt,
    worthwhile(err) {
      job.log.error({ err, taskId: task.row.id }, 'the ledger could not be written; nothing was sent yet');
      setTrouble(task, job, 'storage');
      return true;
    },
  });
  setTrouble(task, job, null);
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
