import { isRefused, isTooLarge } from '../discord/errors.ts';
import { type Replies, TOKEN_TRUSTED_MS } from '../discord/replies.ts';
import type { ReplyView } from '../discord/reply-message.ts';
import type { Ledger } from '../ledger/index.ts';
import { isWaiting } from '../ledger/transitions.ts';
import { EDIT_INTERVAL_MS, type Subject } from '../reporting/reporter.ts';
import type { GiveUpDeps } from './give-up.ts';
import { type Job, type JobState, stateOf } from './job.ts';
import type { JobImages } from './job-images.ts';
import { forgetShown, isAtHand, isToUpload, markShown, picturesOf } from './pictures.ts';
import { remember } from './stages/acknowledge.ts';

export interface ProgressDeps extends GiveUpDeps {
  readonly ledger: Pick<Ledger, 'generations'>;
  readonly replies: Pick<Replies, 'edit'>;
  readonly render: (state: JobState, now: number) => ReplyView;
}

/** Once the token is dead, edits of all replies in a channel share about one in a second. */
const DEAR_EDIT_INTERVAL_MS = 10_000;

/** What the reply shows while there is something to wait for. */
interface Progress {
  readonly view: ReplyView;
  /** Ids of the tasks whose images are shown before the others are there. */
  readonly early: readonly string[];
}

/** A job's reply while it is waited for, as its reporter sees it. */
export class ProgressReply implements Subject<Progress> {
  private readonly job: Job;
  private readonly images: JobImages;
  private readonly deps: ProgressDeps;

  constructor(job: Job, images: JobImages, deps: ProgressDeps) {
    this.job = job;
    this.images = images;
    this.deps = deps;
  }

  render(): Progress | null {
    const { job, deps } = this;
    if (!hasNews(job)) return null;
    const early = job.showsEarly ? job.tasks.filter(isAtHand).map(({ row }) => row.id) : [];
    return { view: deps.render(stateOf(job), deps.now()), early };
  }

  failed(err: unknown): void {
    this.job.log.error({ err }, 'the progress can not be shown');
  }

  /** News of progress are not worth much of what a whole channel shares; images are. */
  intervalMs(progress: Progress): number {
    const isDear = this.deps.now() >= this.job.generation.tokenAt + TOKEN_TRUSTED_MS;
    return isDear && !this.finishes(progress) ? DEAR_EDIT_INTERVAL_MS : EDIT_INTERVAL_MS;
  }

  /** Whether it brings images: they would have to go up once more. */
  finishes({ early }: Progress): boolean {
    return this.job.tasks.some(({ row, isShown }) => early.includes(row.id) && !isShown);
  }

  /**
   * Edits the reply, and tells whether the progress is to be seen now. Images that Discord won't have early wait for the
   * end. The signal cuts off the wait for memory, and the edit, unless it has images: an edit that came after the last
   * word would take that one's images away.
   */
  async edit(progress: Progress, signal: AbortSignal): Promise<boolean> {
    const { job, images, deps } = this;
    let bringsImages = this.finishes(progress);
    try {
      if (bringsImages && !(await this.loadEarly(signal))) {
        // The last word is more patient, and progress must not wait for it.
        job.showsEarly = false;
        bringsImages = false;
      }
      const { generation, log, stopping } = job;
      const pictures = bringsImages
        ? await picturesOf(job, generation.attachmentSizeLimit, images, deps)
        : [];
      const message = { ...progress.view, images: pictures };
      const shown = await deps.replies.edit(generation, message, log, bringsImages ? stopping : signal);
      if (!shown) return false;
      markShown(pictures, shown);
      await remember(shown, job, deps);
      return true;
    } catch (err) {
      job.log.warn({ err }, 'the reply could not be edited; the next edit may');
      if (isTooLarge(err) || isRefused(err)) {
        job.showsEarly = false;
        forgetShown(job);
      }
      return false;
    } finally {
      // The others may take long. Without images nothing was loaded here, and the last word may be about to need them.
      if (bringsImages) {
        images.putAside();
        images.spillAll();
      }
    }
  }

  private async loadEarly(signal: AbortSignal): Promise<boolean> {
    const atHand = this.job.tasks.filter((task) => isAtHand(task) && isToUpload(task));
    return (await this.images.loadAll(atHand, signal)).length === 0;
  }
}

/** Whether there is something to show before the last word, which is deliver's: nothing may stand in its way. */
function hasNews({ tasks }: Job): boolean {
  return tasks.some(
    ({ row, image, trouble }) =>
      isWaiting(row) || (trouble === 'download' && row.state === 'completed' && !image),
  );
}
