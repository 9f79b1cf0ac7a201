import { isPassing, isTooLarge } from '../discord-errors.ts';
import { fitToLimit } from '../images/fit.ts';
import { altText, imageFileName } from '../images/naming.ts';
import type { Placed, ReplyFile } from '../replies.ts';
import type { RunnerDeps } from './deps.ts';
import { type Job, type LiveTask, stateOf } from './job.ts';
import { patiently } from './patience.ts';
import { record } from './record.ts';

/** A delivery that fails for a passing reason is tried again for as long as the process lives. */
const DELIVERY_PAUSES_MS = [1000, 2000, 5000, 10_000, 30_000, 60_000] as const;
/** What every server takes; a larger limit can have gone with the server's boosts. */
const SMALLEST_FILE_LIMIT_BYTES = 10 * 1024 * 1024;

/** Shows the generation's last word with the images that there are, and only then writes down that it is visible. */
export async function deliver(job: Job, deps: RunnerDeps, { resumed }: { resumed: boolean }): Promise<void> {
  const { ledger, files } = deps;
  const withImage = job.tasks.filter(({ row, image }) => row.state === 'completed' && image);
  // Discord itself has told the person that there was no answer.
  const unanswered = !resumed && job.tasks.every(({ row }) => row.reason === 'reply-gone');
  const placed = unanswered ? null : await place(withImage, job, deps);

  for (const task of withImage) {
    const { id, imageFile } = task.row;
    if (!placed) {
      const reason = 'nowhere-to-deliver';
      await record(task, job, ledger.tasks.giveUp(id, reason), deps, { state: 'undeliverable', reason });
      continue;
    }
    await record(task, job, ledger.tasks.deliver(id), deps, { state: 'delivered' });
    if (imageFile) await files.remove(imageFile);
  }
  if (placed) await ledger.generations.setMessage(job.generation.id, placed.messageId);
  await ledger.generations.settle(job.generation.id);
  const states = job.tasks.map(({ row }) => row.state);
  job.log.info({ states, visible: placed !== null }, 'the generation is settled');
}

/** Finds a place for the last word, with the files as large as they may be. Null where every way is closed. */
function place(withImage: readonly LiveTask[], job: Job, deps: RunnerDeps): Promise<Placed | null> {
  const { replies, render, now } = deps;
  let limit = job.generation.attachmentSizeLimit;
  const attempt = async () => {
    const attachments = await Promise.all(withImage.map((task) => attach(task, job, limit)));
    return replies.deliver(job.generation, render(stateOf(job, 'final'), now()), attachments, job.log);
  };
  const worthwhile = (error: unknown, tries: number) => {
    job.log.warn({ err: error, tries }, 'the delivery failed');
    if (!isTooLarge(error)) return isPassing(error);
    limit = limit > SMALLEST_FILE_LIMIT_BYTES ? SMALLEST_FILE_LIMIT_BYTES : Math.floor(limit / 2);
    return true;
  };
  return patiently(attempt, { pausesMs: DELIVERY_PAUSES_MS, worthwhile, stopping: job.stopping });
}

async function attach(task: LiveTask, job: Job, limit: number): Promise<ReplyFile> {
  if (!task.image) throw new Error('only a task with its image can be attached');
  const fitted = await fitToLimit(task.image.bytes, limit);
  task.change = fitted.change;
  const { request } = job.generation;
  return {
    attachment: fitted.bytes,
    name: imageFileName(request, fitted.info.extension),
    description: altText(request.prompt),
  };
}
