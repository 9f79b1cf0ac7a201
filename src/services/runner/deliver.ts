import { isPassing, isRefused, isTooLarge } from '../discord-errors.ts';
import { DEFAULT_FILE_LIMIT_BYTES } from '../discord-limits.ts';
import { CannotFitError } from '../images/fit.ts';
import type { EndReason } from '../ledger/rows.ts';
import { steps } from '../ledger/steps.ts';
import type { Placed, ReplyFile } from '../replies.ts';
import { fileFor } from '../reply-file.ts';
import type { RunnerDeps } from './deps.ts';
import { type Job, type LiveTask, stateOf } from './job.ts';
import { patiently } from './patience.ts';
import { takeStep } from './take-step.ts';

/** A delivery that fails for a passing reason is tried again for as long as the process lives. */
const DELIVERY_PAUSES_MS = [1000, 2000, 5000, 10_000, 30_000, 60_000] as const;

/** Discord refuses a message now and then for no reason that lasts. */
const REFUSED_TRIES = 4;

/** Shows the generation's last word with the images that there are. Null where every way is closed. */
export async function deliver(job: Job, deps: RunnerDeps): Promise<Placed | null> {
  // Discord itself has told the person that there was no answer.
  if (!job.resumed && job.tasks.every(({ row }) => row.reason === 'reply-gone')) return null;
  try {
    return await insistently(() => placeWithinLimit(job, deps, job.generation.attachmentSizeLimit), job);
  } catch (error) {
    const reason = error instanceof CannotFitError ? 'too-large' : 'discord-refused';
    if (!isRefused(error) && reason !== 'too-large') throw error;
    job.log.error({ err: error }, 'the images can not be shown; the reason is shown instead');
    return placeReason(reason, job, deps);
  }
}

/** Until it works or Discord keeps refusing. */
function insistently<T>(attempt: () => Promise<T>, job: Job): Promise<T> {
  return patiently(attempt, {
    pausesMs: DELIVERY_PAUSES_MS,
    worthwhile(error, tries) {
      job.log.warn({ err: error, tries }, 'the delivery failed');
      if (error instanceof CannotFitError) return false;
      return isRefused(error) ? tries < REFUSED_TRIES : isPassing(error);
    },
    halt: job.stopping,
  });
}

/** The limit can have shrunk since the interaction came: what is refused as too large goes out smaller. */
async function placeWithinLimit(job: Job, deps: RunnerDeps, limit: number): Promise<Placed | null> {
  const { replies, render, now } = deps;
  let sent: ReplyFile[] = [];
  try {
    const tasks = job.tasks.filter(({ row, image }) => row.state === 'completed' && image);
    sent = await Promise.all(tasks.map((task) => attach(task, job, limit)));
    return await replies.deliver(job.generation, render(stateOf(job, 'final'), now()), sent, job.log);
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    const refused = Math.max(...sent.map(({ attachment }) => attachment.length));
    const smaller = refused > DEFAULT_FILE_LIMIT_BYTES ? DEFAULT_FILE_LIMIT_BYTES : Math.floor(refused / 2);
    job.log.warn({ err: error, refused, smaller }, 'Discord takes only smaller files here');
    return placeWithinLimit(job, deps, smaller);
  }
}

/** The images stay where they are, for /jobs; the view says why, and links them at the service. */
async function placeReason(reason: EndReason, job: Job, deps: RunnerDeps): Promise<Placed | null> {
  const { replies, render, now } = deps;
  for (const task of job.tasks.filter(({ row }) => row.state === 'completed')) {
    await takeStep(task, steps.giveUp(reason), job, deps);
  }
  try {
    const place = () => replies.deliver(job.generation, render(stateOf(job, 'final'), now()), [], job.log);
    return await insistently(place, job);
  } catch (err) {
    if (!isRefused(err)) throw err;
    job.log.error({ err }, 'Discord takes no word about this generation');
    return null;
  }
}

async function attach(task: LiveTask, job: Job, limit: number): Promise<ReplyFile> {
  if (!task.image) throw new Error('only a task with its image can be attached');
  const { file, change } = await fileFor(job.generation.request, task.image.bytes, limit);
  task.change = change;
  return file;
}
