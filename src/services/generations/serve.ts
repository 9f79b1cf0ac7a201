import { isWaiting, transitions } from '../ledger/transitions.ts';
import type { RateLimiter } from '../reporting/rate-limiter.ts';
import { Reporter } from '../reporting/reporter.ts';
import { type EditTextDeps, editText } from './edit-text.ts';
import { busyUntil } from './expectation.ts';
import type { Job, LiveTask, Stage } from './job.ts';
import { type ImageDeps, JobImages } from './job-images.ts';
import { isToUpload } from './pictures.ts';
import { type ProgressDeps, ProgressReply } from './progress-reply.ts';
import { type PreparedReferences, type ReferenceDeps, referencesOf } from './references.ts';
import { type AcknowledgeDeps, acknowledge } from './stages/acknowledge.ts';
import { type DeliverDeps, deliver } from './stages/deliver.ts';
import { type DownloadDeps, download, downloadAll } from './stages/download.ts';
import { type FinishDeps, finish, type LastWord } from './stages/finish.ts';
import { type PollDeps, poll } from './stages/poll.ts';
import { type SubmitDeps, submit } from './stages/submit.ts';
import { type TurnDeps, waitForTurn } from './stages/wait-for-turn.ts';
import { keepDrafts, type WordsDeps } from './words.ts';

/** The dependencies of all stages; each stage declares its own part. */
export type ServeDeps = TaskDeps &
  AcknowledgeDeps &
  TurnDeps &
  DeliverDeps &
  FinishDeps &
  ImageDeps &
  ProgressDeps &
  WordsDeps &
  ReferenceDeps & {
    /** Limits the edits that show progress. Final edits don't wait for them. */
    readonly progressEdits: RateLimiter;
  };

type TaskDeps = SubmitDeps & PollDeps & DownloadDeps & Pick<TurnDeps, 'scheduler'>;

/** Receives measurements. */
export type Observer = ServeDeps['observer'];

/**
 * Serves one generation, from wherever its rows say it is until its last word is visible and recorded. When the process
 * is about to stop, the reply says that it goes on later; then it rejects with an AbortError. Where another process serves
 * the generation by now, it rejects with a LeaseLostError, and says nothing.
 */
export function serve(job: Job, deps: ServeDeps): Promise<void> {
  return makeVisible(job, deps).then((lastWord) => finish(job, lastWord, deps));
}

async function makeVisible(job: Job, deps: ServeDeps): Promise<LastWord> {
  const images = new JobImages(job, deps);
  const reporter = new Reporter(new ProgressReply(job, images, deps), deps.progressEdits);
  const references = referencesOf(job, deps);
  let announced: Promise<void> | null = null;
  const announceRestart = () => {
    // A cancel and a lost lease abort the signal, too. The first needs no announcement, and the other must have none.
    if (job.stopping.aborted && !job.lease.isLost) announced ??= announce('restarting', reporter, job, deps);
  };

  try {
    await acknowledge(job, deps);
    job.stopping.throwIfAborted();
    job.halt.addEventListener('abort', announceRestart);
    job.onChange(() => reporter.changed());
    // Repeats for tasks that go back in line.
    for (let open = job.tasks; open.length > 0; open = job.tasks.filter(isReserved)) {
      await waitForTurn(job, deps);
      // After a restart the reply keeps showing what it showed until there is news.
      if (!job.resumed) job.changed();
      await settleAll(open.map((task) => serveTask(task, job, references, images, deps)));
      job.stopping.throwIfAborted();
    }
    // Before the reporter is sealed, so that the reply can mention an image that can't be downloaded.
    job.showsEarly = false;
    await downloadAll(() => job.tasks.filter(isToUpload), job, images, deps);
    job.halt.removeEventListener('abort', announceRestart);
    const isContested = await reporter.seal();
    await keepDrafts(job, deps);
    return { shown: await deliver(job, images, deps), isContested };
  } catch (error) {
    if (job.stopping.aborted) announceRestart();
    else await announce('broken', reporter, job, deps);
    await announced;
    throw error;
  } finally {
    await images.spilled();
    images.release();
    job.onChange(null);
    job.halt.removeEventListener('abort', announceRestart);
  }
}

/** Serves one task from whatever state it is in until it is over, or completed with its image at hand. */
async function serveTask(
  task: LiveTask,
  job: Job,
  references: PreparedReferences,
  images: JobImages,
  deps: TaskDeps,
): Promise<void> {
  try {
    await submit(task, job, references, images, deps);
    await poll(task, job, deps);
  } catch (error) {
    const wasAborted = error instanceof Error && error.name === 'AbortError';
    if (!wasAborted || !job.isCancelled) throw error;
  }
  if (job.isCancelled && isWaiting(task.row))
    await job.apply(task, transitions.cancel(deps.now(), busyUntil(task, job, deps)));
  deps.scheduler.madeRoom(job.generation.userId, !job.tasks.some(({ row }) => isWaiting(row)));
  job.stopping.throwIfAborted();
  await download(task, job, images, deps);
}

/** Says in the reply why the work is interrupted. */
async function announce(
  stage: Stage,
  reporter: Reporter<unknown>,
  job: Job,
  deps: EditTextDeps,
): Promise<void> {
  await reporter.seal();
  try {
    await editText(job, stage, deps);
  } catch (err) {
    job.log.warn({ err, stage }, 'the reply could not say that the work is interrupted');
  }
}

function isReserved({ row }: LiveTask): boolean {
  return row.state === 'reserved';
}

/** Like Promise.all, but waits for every promise: a retry must not run beside the work that it repeats. */
async function settleAll(promises: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
