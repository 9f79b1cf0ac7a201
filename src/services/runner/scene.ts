import { isRefused, isTooLarge } from '../discord/errors.ts';
import { TOKEN_TRUSTED_MS } from '../discord/replies.ts';
import type { ReplyView } from '../discord/reply-message.ts';
import { isWaiting } from '../ledger/steps.ts';
import { remember } from './acknowledge.ts';
import type { RunnerDeps } from './deps.ts';
import { hold, putAside } from './hold.ts';
import { type Job, stateOf } from './job.ts';
import { keepMeanwhile } from './keep.ts';
import { EDIT_INTERVAL_MS, type Subject } from './painter.ts';
import { forgetShown, isAtHand, isToUpload, markShown, picturesOf } from './pictures.ts';

/** Once the token is dead, edits of all replies in a channel share about one in a second. */
const DEAR_EDIT_INTERVAL_MS = 10_000;

/** What the reply shows while there is something to wait for. */
interface Scene {
  readonly view: ReplyView;
  /** Ids of the tasks whose images are shown before the others are there. */
  readonly early: readonly string[];
}

function sceneOf(job: Job, { render, now }: RunnerDeps): Scene {
  const early = job.showsEarly ? job.tasks.filter(isAtHand).map(({ row }) => row.id) : [];
  return { view: render(stateOf(job), now()), early };
}

function bringsImages({ early }: Pick<Scene, 'early'>, { tasks }: Job): boolean {
  return tasks.some(({ row, isShown }) => early.includes(row.id) && !isShown);
}

/** News of progress are not worth much of what a whole channel shares; images are. */
function intervalOf(scene: Scene, job: Job, now: number): number {
  const isDear = now >= job.generation.tokenAt + TOKEN_TRUSTED_MS && !bringsImages(scene, job);
  return isDear ? DEAR_EDIT_INTERVAL_MS : EDIT_INTERVAL_MS;
}

/** A job's reply, as its painter sees it. */
export class ReplyInProgress implements Subject<Scene> {
  private readonly job: Job;
  private readonly deps: RunnerDeps;

  constructor(job: Job, deps: RunnerDeps) {
    this.job = job;
    this.deps = deps;
  }

  render(): Scene | null {
    return hasNews(this.job) ? sceneOf(this.job, this.deps) : null;
  }

  failed(err: unknown): void {
    this.job.log.error({ err }, 'the progress can not be shown');
  }

  edit(scene: Scene, signal: AbortSignal): Promise<boolean> {
    return paint(scene, this.job, this.deps, signal);
  }

  intervalMs(scene: Scene): number {
    return intervalOf(scene, this.job, this.deps.now());
  }

  finishes(scene: Scene): boolean {
    return bringsImages(scene, this.job);
  }
}

/**
 * Edits the reply, and tells whether the scene is to be seen now. Images that Discord won't have early wait for the end.
 * The signal cuts off the wait for room, and the edit, unless it has images: they would have to go up once more, and
 * an edit that came after the last word would take that one's images away.
 */
async function paint(
  { view, early }: Scene,
  job: Job,
  deps: RunnerDeps,
  signal: AbortSignal,
): Promise<boolean> {
  let isNew = bringsImages({ early }, job);
  try {
    if (isNew && !(await haveEarly(job, deps, signal))) {
      // The last word is more patient, and progress must not wait for it.
      job.showsEarly = false;
      isNew = false;
    }
    const images = isNew ? await picturesOf(job, job.generation.attachmentSizeLimit, deps) : [];
    const shown = await deps.replies.edit(
      job.generation,
      { ...view, images },
      job.log,
      isNew ? job.stopping : signal,
    );
    if (!shown) return false;
    markShown(images, shown);
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
    // The others may take long. Without images nothing was taken here, and the last word may be about to need them.
    if (isNew) {
      putAside(job.tasks, job, deps);
      keepMeanwhile(job, deps);
    }
  }
}

async function haveEarly(job: Job, deps: RunnerDeps, signal: AbortSignal): Promise<boolean> {
  const atHand = job.tasks.filter((task) => isAtHand(task) && isToUpload(task));
  return (await hold(atHand, job, deps, signal)).length === 0;
}

/** Whether there is something to show before the last word, which is deliver's: nothing may stand in its way. */
function hasNews({ tasks }: Job): boolean {
  return tasks.some(
    ({ row, image, trouble }) =>
      isWaiting(row) || (trouble === 'download' && row.state === 'completed' && !image),
  );
}
