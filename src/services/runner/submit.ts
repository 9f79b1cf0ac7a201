import { JimmyAiError } from '../jimmyai/errors.ts';
import type { EndReason, Task } from '../ledger/rows.ts';
import { qualityToSend } from '../request.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job, LiveTask } from './job.ts';
import { record } from './record.ts';
import { prepareReferences, ReferenceProblem } from './references.ts';

/**
 * Takes a reserved task to the service: once, and only after the ledger holds that it is being sent. What comes out
 * is a running task, a refusal that certainly cost nothing, or an outcome that nobody knows.
 */
export async function submit(task: LiveTask, job: Job, deps: RunnerDeps): Promise<void> {
  const { ledger, service } = deps;
  const { id } = task.row;
  const log = job.log.child({ taskId: id });
  const refuse = (reason: EndReason, words: string | null = null) =>
    record(task, job, ledger.tasks.refuse(id, { reason, words }), deps, {
      state: 'refused',
      reason,
      serviceWords: words,
    });

  let images: string[];
  try {
    images = await prepareReferences(job, deps);
  } catch (error) {
    if (!(error instanceof ReferenceProblem)) throw error;
    log.info({ err: error }, 'a reference can not be used');
    return refuse(error.reason, error.imageName);
  }
  job.stopping.throwIfAborted();

  let submitting: Task | null;
  try {
    submitting = await ledger.tasks.submit(id);
  } catch (err) {
    log.error({ err }, 'the ledger could not be written; nothing was sent');
    return refuse('storage');
  }
  // Somebody else decided about it: the next turn reads what.
  if (!submitting) return record(task, job, Promise.resolve(null), deps, {});
  task.row = submitting;

  const { prompt, model, ratio, resolution } = job.generation.request;
  const quality = qualityToSend(job.generation.request);
  try {
    const { taskId } = await service.createImageTask(
      { model, prompt, ratio, resolution, ...(quality && { quality }), ...(images.length > 0 && { images }) },
      { log, signal: job.stopping },
    );
    log.info({ serviceTaskId: taskId }, 'the service took the task');
    await record(task, job, ledger.tasks.run(id, taskId), deps, {
      state: 'running',
      serviceTaskId: taskId,
      submittedAt: deps.now(),
    });
  } catch (error) {
    if (!(error instanceof JimmyAiError)) throw error;
    const words = error.serviceMessage;
    if (error.charged === 'maybe') {
      log.error({ err: error }, 'nobody knows whether the service took the task');
      return record(task, job, ledger.tasks.leaveUnconfirmed(id, words), deps, {
        state: 'unconfirmed',
        serviceWords: words,
      });
    }
    if (job.stopping.aborted) return record(task, job, ledger.tasks.putBack(id), deps, { state: 'reserved' });
    log.warn({ err: error }, 'the service did not take the task');
    await refuse(reasonOf(error), words);
  }
}

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
