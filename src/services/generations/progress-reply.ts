import { isRefused, isTooLarge } from '../discord/errors.ts';
import { type Replies, TOKEN_TRUSTED_MS } from '../discord/replies.ts';
import type { ReplyView } from '../discord/reply-message.ts';
import { LeaseLostError } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isWaiting } from '../ledger/transitions.ts';
import { EDIT_INTERVAL_MS, type Subject } from '../reporting/reporter.ts';
import { barMovesInMs, moveBar } from './bar.ts';
import { outlookAt, outlookChangesInMs } from './expectation.ts';
import type { GiveUpDeps } from './give-up.ts';
import { type Job, type JobState, type LiveTask, stateOf } from './job.ts';
import type { JobImages } from './job-images.ts';
import { forgetShown, isAtHand, isToUpload, markShown, picturesOf } from './pictures.ts';
import { remember } from './stages/acknowledge.ts';

export interface ProgressDeps extends GiveUpDeps {
  readonly ledger: Pick<Ledger, 'generations'>;
  readonly replies: Pick<Replies, 'edit'>;
  readonly render: (state: JobState, now: number) => ReplyView;
}

/** Once the token has expired, all edits in a channel share a rate limit of about one a second. */
const SHARED_EDIT_INTERVAL_MS = 10_000;

/**
 * The most edits of a reply once its turn has come, not counting the final one. Afterwards only news beyond mere
 * progress is shown. The last edits are reserved for the outlook: any moment now, or longer than usual.
 */
const EDITS_MAX = 8;
const MOVES_MAX = 6;

/** The content of the reply while the job is waiting. */
interface Progress {
  readonly view: ReplyView;
  /** Ids of the tasks whose images are shown before the others are ready. */
  readonly early: readonly string[];
}

/** The progress that a job's reply shows, for the reporter. */
export class ProgressReply implements Subject<Progress> {
  private readonly job: Job;
  private readonly images: JobImages;
  private readonly deps: ProgressDeps;
  /** Since it left the line. */
  private edits = 0;
  private shownNews = '';

  constructor(job: Job, images: JobImages, deps: ProgressDeps) {
    this.job = job;
    this.images = images;
    this.deps = deps;
  }

  render(): Progress | null {
    const { job, deps } = this;
    for (const task of job.tasks) moveBar(task, deps.now());
    if (!hasNews(job)) return null;
    const early = job.showsEarly ? job.tasks.filter(isAtHand).map(({ row }) => row.id) : [];
    const progress = { view: deps.render(stateOf(job), deps.now()), early };
    return this.edits >= MOVES_MAX && this.isMere(progress) ? null : progress;
  }

  failed(err: unknown): void {
    this.job.log.error({ err }, 'the progress cannot be shown');
  }

  /** Images may use up the channel's rate limit; mere progress may not. */
  intervalMs(progress: Progress): number {
    const sharesLimit = this.deps.now() >= this.job.generation.tokenAt + TOKEN_TRUSTED_MS;
    return sharesLimit && !this.finishes(progress) ? SHARED_EDIT_INTERVAL_MS : EDIT_INTERVAL_MS;
  }

  /** Whether the edit adds images, which would have to be uploaded again if it were aborted. */
  finishes({ early }: Progress): boolean {
    return this.job.tasks.some(({ row, isShown }) => early.includes(row.id) && !isShown);
  }

  changesInMs(): number | null {
    const { tasks } = this.job;
    const now = this.deps.now();
    const changes = [
      outlookChangesInMs(tasks, now),
      this.edits < MOVES_MAX ? barMovesInMs(tasks, now) : null,
    ].filter((ms) => ms !== null);
    return changes.length > 0 ? Math.min(...changes) : null;
  }

  /**
   * Edits the reply, and resolves with whether the progress is visible now. Images that Discord refuses early wait for
   * the last word. The signal aborts the wait for memory, and also the edit unless it adds images. An edit that landed
   * after the last word would remove its images.
   */
  async edit(progress: Progress, signal: AbortSignal): Promise<boolean> {
    const { job, images, deps } = this;
    let addsImages = this.finishes(progress);
    try {
      if (addsImages && !(await this.loadEarly(signal))) {
        // The last word retries for longer, and progress must not wait for that.
        job.showsEarly = false;
        addsImages = false;
      }
      const { generation, log, stopping } = job;
      const pictures = addsImages ? await picturesOf(job, generation.attachmentSizeLimit, images, deps) : [];
      const message = { ...progress.view, images: pictures };
      const shown = await deps.replies.edit(generation, message, log, addsImages ? stopping : signal);
      if (!shown) return false;
      this.noteEdit();
      markShown(pictures, shown);
      await remember(shown, job, deps);
      return true;
    } catch (err) {
      if (err instanceof LeaseLostError) return false;
      job.log.warn({ err }, 'the reply could not be edited; the next edit may');
      if (isTooLarge(err) || isRefused(err)) {
        job.showsEarly = false;
        forgetShown(job);
      }
      return false;
    } finally {
      // The other tasks may take long. An edit without images loaded none, and the last word may need those in memory.
      if (addsImages) {
        images.putAside();
        images.spillAll();
      }
    }
  }

  private isMere(progress: Progress): boolean {
    return !this.finishes(progress) && this.newsNow() === this.shownNews;
  }

  private noteEdit(): void {
    if (this.job.place === null) this.edits += 1;
    if (this.edits >= MOVES_MAX) this.shownNews = this.newsNow();
  }

  /** The content that is worth an edit beyond the first few: everything except the bar and the expected time. */
  private newsNow(): string {
    const { tasks, place, isCancelled } = this.job;
    const now = this.deps.now();
    const says = ({ row, said, trouble, readyAt }: LiveTask) => [
      row.state,
      said,
      trouble,
      this.edits < EDITS_MAX && outlookAt(readyAt, now),
    ];
    return JSON.stringify([place, isCancelled, tasks.map(says)]);
  }

  private async loadEarly(signal: AbortSignal): Promise<boolean> {
    const atHand = this.job.tasks.filter((task) => isAtHand(task) && isToUpload(task));
    return (await this.images.loadAll(atHand, signal)).length === 0;
  }
}

/** Whether progress may be shown. Once the job waits for nothing more, only the last word may be. */
function hasNews({ tasks }: Job): boolean {
  return tasks.some(
    ({ row, image, trouble }) =>
      isWaiting(row) || (trouble === 'download' && row.state === 'completed' && !image),
  );
}
