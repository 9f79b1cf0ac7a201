import { fileFor } from '../attachment.ts';
import { isPassing, isTooLarge } from '../discord-errors.ts';
import { DEFAULT_FILE_LIMIT_BYTES } from '../discord-limits.ts';
import { CannotFitError } from '../images/fit.ts';
import { steps } from '../ledger/steps.ts';
import type { Placed, ReplyFile } from '../replies.ts';
import type { RunnerDeps } from './deps.ts';
import { type Job, type LiveTask, stateOf } from './job.ts';
import { patiently } from './patience.ts';
import { takeStep } from './take-step.ts';

/** A delivery that fails for a passing reason is tried again for as long as the process lives. */
const DELIVERY_PAUSES_MS = [1000, 2000, 5000, 10_000, 30_000, 60_000] as const;

/** Shows the generation's last word with the images that there are. Null where every way is closed. */
export async function deliver(job: Job, deps: RunnerDeps): Promise<Placed | null> {
  // Discord itself has told the person that there was no answer.
  if (!job.resumed && job.tasks.every(({ row }) => row.reason === 'reply-gone')) return null;
  return patiently(() => placeWithinLimit(job, deps, job.generation.attachmentSizeLimit), {
    pausesMs: DELIVERY_PAUSES_MS,
    worthwhile(error, tries) {
      job.log.warn({ err: error, tries }, 'the delivery failed');
      return isPassing(error);
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
    if (error instanceof CannotFitError) return placeWithoutImages(error, job, deps);
    if (!isTooLarge(error)) throw error;
    const refused = Math.max(...sent.map(({ attachment }) => attachment.length));
    const smaller = refused > DEFAULT_FILE_LIMIT_BYTES ? DEFAULT_FILE_LIMIT_BYTES : Math.floor(refused / 2);
    job.log.warn({ err: error, refused, smaller }, 'Discord takes only smaller files here');
    return placeWithinLimit(job, deps, smaller);
  }
}

/** The view links the image at the service instead. */
async function placeWithoutImages(err: CannotFitError, job: Job, deps: RunnerDeps): Promise<Placed | null> {
  job.log.error({ err }, 'no file goes through here');
  for (const task of job.tasks.filter(({ row }) => row.state === 'completed')) {
    await takeStep(task, steps.giveUp('too-large'), job, deps);
  }
  return deps.replies.deliver(job.generation, deps.render(stateOf(job, 'final'), deps.now()), [], job.log);
}

async function attach(task: LiveTask, job: Job, limit: number): Promise<ReplyFile> {
  if (!task.image) throw new Error('only a task with its image can be attached');
  const { file, change } = await fileFor(job.generation.request, task.image.bytes, limit);
  task.change = change;
  return file;
}
