import { retry } from '../../concurrency/retry.ts';
import { ImageServiceError, type ServiceErrorKind } from '../../image-service/errors.ts';
import type {
  Attached,
  Billed,
  Created,
  ImageService,
  MadeAtOnce,
  Said,
} from '../../image-service/service.ts';
import type { EndReason } from '../../ledger/rows.ts';
import { type Ending, type Transition, transitions } from '../../ledger/transitions.ts';
import { expectReady } from '../expectation.ts';
import type { Job, LiveTask } from '../job.ts';
import type { JobImages } from '../job-images.ts';
import { type PreparedReferences, ReferenceProblem } from '../references.ts';
import { costSoFar, measure, type ReportDeps } from '../report.ts';

export interface SubmitDeps extends ReportDeps {
  readonly service: Pick<ImageService, 'create' | 'makesAtOnce'>;
}

const STORAGE_PAUSES_MS = [5000, 15_000, 60_000] as const;

/**
 * Creates a reserved task at the service: once, and only after the ledger records that it is being sent. The task is
 * then running, completed (if the service answers with the image or with words), refused (which certainly cost nothing), unconfirmed,
 * or still reserved for another turn or the next process.
 */
export async function submit(
  task: LiveTask,
  job: Job,
  references: PreparedReferences,
  images: JobImages,
  deps: SubmitDeps,
): Promise<void> {
  const { now } = deps;
  if (task.row.state === 'submitting') return job.apply(task, outcomeBefore(task, now()));
  if (task.row.state !== 'reserved' || job.isCancelled) return;
  let prepared: Attached;
  try {
    prepared = await references();
  } catch (error) {
    const ending = endingWithout(error);
    if (!ending) throw error;
    job.log.info({ err: error, taskId: task.row.id }, 'a reference cannot be used or sent');
    return job.apply(task, transitions.refuse(ending, now()));
  }
  job.halt.throwIfAborted();
  await recordSubmitting(task, job, now);
  const created = await create(prepared, task, job, deps);
  if (created?.kind === 'image') await takeImage(created, task, job, images, deps);
  if (created?.kind === 'words') await takeWords(created, task, job, deps);
}

/**
 * The transition of a task that is found submitting: after a crash during its create, which the service may have accepted,
 * or after its id could not be written.
 */
function outcomeBefore({ row: { serviceTaskId, cost } }: LiveTask, now: number): Transition {
  if (serviceTaskId === null) return transitions.leaveUnconfirmed(null, now);
  return transitions.run(serviceTaskId, now, cost ?? undefined);
}

/** How a task ends whose references aren't ready; null if the error isn't about them. */
function endingWithout(error: unknown): Ending | null {
  if (error instanceof ReferenceProblem) return { reason: error.reason, words: error.which };
  if (!(error instanceof ImageServiceError)) return null;
  const reason = reasonOf(error);
  return { reason: reason === 'unknown-answer' ? 'unavailable' : reason, words: error.serviceMessage };
}

/** Resolves with the service's answer; null when it didn't accept the task, or when that is unknown. */
async function create(
  attached: Attached,
  task: LiveTask,
  job: Job,
  deps: SubmitDeps,
): Promise<Created | null> {
  const log = job.log.child({ taskId: task.row.id });
  const { service, now } = deps;
  try {
    if (service.makesAtOnce) showAsBegun(task, job, deps);
    const created = await service.create(job.generation.request, attached, {
      log,
      signal: job.halt,
      // The process may have been stopped since it wrote that it sends the task, or while it waits to try again.
      beforeTry: () => job.lease.require(),
    });
    if (created.kind !== 'task') return created;
    const { taskId, cost } = created;
    log.info({ serviceTaskId: taskId, cost }, 'the service accepted the task');
    await job.apply(task, transitions.run(taskId, now(), costSoFar(cost)));
    return created;
  } catch (error) {
    if (!(error instanceof ImageServiceError)) throw error;
    task.said = null;
    await job.apply(task, outcomeOf(error, job, deps.now()));
    const isUnknown = task.row.state === 'unconfirmed';
    if (isUnknown) log.error({ err: error }, 'it is unknown whether the service accepted the task');
    else log.warn({ err: error, state: task.row.state }, 'the service did not accept the task');
    return null;
  }
}

/** No query reports the progress of such a task, so it is estimated by time. */
function showAsBegun(task: LiveTask, job: Job, deps: SubmitDeps): void {
  task.said = 'running';
  expectReady(task, job, deps);
  job.changed();
}

/** Keeps the image before the row names it. After a crash in between, the task is unconfirmed. */
async function takeImage(
  made: Billed & MadeAtOnce,
  task: LiveTask,
  job: Job,
  images: JobImages,
  deps: SubmitDeps,
): Promise<void> {
  const image = 'url' in made ? made : { file: await images.keepAnswer(task, made.bytes) };
  const noticedAt = deps.now();
  measure(null, noticedAt, task, job, deps);
  await job.apply(task, transitions.completeAtOnce(image, noticedAt, made.cost));
}

/** Writes the words down before anybody reads them: they are paid for. After a crash before that, the task is unconfirmed. */
async function takeWords(said: Billed & Said, task: LiveTask, job: Job, deps: SubmitDeps): Promise<void> {
  const noticedAt = deps.now();
  measure(null, noticedAt, task, job, deps);
  await job.apply(task, transitions.answer(said.text, noticedAt, said.cost));
}

/** The transition of a task whose create failed. */
function outcomeOf(error: ImageServiceError, job: Job, now: number): Transition {
  const words = error.serviceMessage;
  if (error.charged === 'maybe') return transitions.leaveUnconfirmed(words, now);
  if (job.isCancelled) return transitions.cancel(now, now);
  if (mustPutBack(error, job)) return transitions.putBack();
  return transitions.refuse({ reason: reasonOf(error), words }, now);
}

/** Waits until the disk can be written: nothing may be paid for that isn't recorded. */
async function recordSubmitting(task: LiveTask, job: Job, now: () => number): Promise<void> {
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

function mustPutBack({ kind }: ImageServiceError, job: Job): boolean {
  return (
    (job.stopping.aborted && LEFT_TO_NEXT_PROCESS.has(kind)) || (job.isProbe && ACCOUNT_TROUBLE.has(kind))
  );
}

/** A probe that meets these goes back in line: a request must not be refused for having been first. */
const ACCOUNT_TROUBLE: ReadonlySet<ServiceErrorKind> = new Set(['authentication', 'credit']);

/** Failures that may not last. While the process stops, such a task is left to the next process. */
const LEFT_TO_NEXT_PROCESS: ReadonlySet<ServiceErrorKind> = new Set([
  'aborted',
  'rate-limited',
  'unavailable',
  'unreachable',
]);

/** The ledger's reason for a refusal. Kinds that mean a fault at the service share one. */
function reasonOf({ kind }: ImageServiceError): EndReason {
  switch (kind) {
    case 'authentication':
    case 'credit':
    case 'parameters':
    case 'content-policy':
    case 'model-unavailable':
    case 'rate-limited':
    case 'unavailable':
    case 'unreachable':
      return kind;
    default:
      return 'unknown-answer';
  }
}
