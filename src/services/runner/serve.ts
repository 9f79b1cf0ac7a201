import { isRefused, isTooLarge } from '../discord-errors.ts';
import { CannotFitError } from '../images/fit.ts';
import { isWaiting } from '../ledger/steps.ts';
import { type Shown, TOKEN_TRUSTED_MS } from '../replies.ts';
import type { ReplyView } from '../reply-message.ts';
import { acknowledge, type Defer, remember } from './acknowledge.ts';
import { advance } from './advance.ts';
import { allKept, hold, letGo } from './collect.ts';
import { deliver } from './deliver.ts';
import type { RunnerDeps } from './deps.ts';
import { type Job, type Stage, stateOf } from './job.ts';
import { repeatLastWord } from './last-word.ts';
import { notify } from './notify.ts';
import { createPainter, EDIT_INTERVAL_MS } from './painter.ts';
import { forgetShown, isAtHand, isToUpload, markShown, picturesOf } from './pictures.ts';
import { settle } from './settle.ts';
import { takeTurn, tasksLeft } from './take-turn.ts';

/** Once the token is dead, edits of all replies in a channel share about one in a second. */
const DEAR_EDIT_INTERVAL_MS = 10_000;

/**
 * Serves one generation from wherever its rows say it is to its last visible word, and writes that down. Rejects with
 * an AbortError when the process is about to stop, after the reply says that it goes on later.
 */
export async function serve(job: Job, deps: RunnerDeps, defer: Defer | null): Promise<void> {
  const { shown, isContested } = await makeVisible(job, deps, defer);
  // From here on nothing new may be shown any more: what the person sees is final.
  const repeated = isContested ? repeatLastWord(job, deps) : Promise.resolve();
  await Promise.all([repeated.then(() => settle(job, shown, deps)), notify(job, shown, deps)]);
}

interface LastWord {
  readonly shown: Shown | null;
  /** An edit that was cut off may come after it. */
  readonly isContested: boolean;
}

async function makeVisible(job: Job, deps: RunnerDeps, defer: Defer | null): Promise<LastWord> {
  const { replies, render, now } = deps;
  const edit = async (stage: Stage) =>
    replies.edit(job.generation, { ...render(stateOf(job, stage), now()), images: [] }, job.log);
  const painter = createPainter({
    render: () => (hasNews(job) ? sceneOf(job, deps) : null),
    onFailure: (err) => job.log.error({ err }, 'the progress can not be shown'),
    edit: (scene, signal) => paint(scene, job, deps, signal),
    intervalMs: (scene) => intervalOf(scene, job, now()),
    finishes: (scene) => bringsImages(scene, job),
    pace: deps.pace,
  });

  async function announce(stage: Stage): Promise<void> {
    await painter.seal();
    await edit(stage).catch((err: unknown) => job.log.warn({ err, stage }, 'the reply could not say so'));
  }
  let announcement: Promise<void> | null = null;
  const announceRestart = () => {
    announcement ??= announce('restarting');
  };

  try {
    await acknowledge(job, deps, defer);
    job.stopping.throwIfAborted();
    job.stopping.addEventListener('abort', announceRestart);
    job.changed = () => {
      deps.queue.left(job.generation.id, tasksLeft(job, now()));
      painter.changed();
    };
    await takeTurn(job, deps);
    // After a restart the reply shows what it showed, until there is news.
    if (!job.resumed) job.changed();
    // Unlike with Promise.all, none is still under way when one rejects: what is tried again must not be done twice.
    throwFailure(await Promise.allSettled(job.tasks.map((task) => advance(task, job, deps))));
    job.stopping.throwIfAborted();
    job.stopping.removeEventListener('abort', announceRestart);
    const isContested = await painter.seal();
    return { shown: await deliver(job, deps), isContested };
  } catch (error) {
    if (job.stopping.aborted) announceRestart();
    else await announce('broken');
    await announcement;
    throw error;
  } finally {
    await allKept(job);
    letGo(job.tasks, deps);
    job.changed = () => undefined;
    job.stopping.removeEventListener('abort', announceRestart);
  }
}

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
  const isNew = bringsImages({ early }, job);
  try {
    if (isNew)
      await hold(
        job.tasks.filter((task) => isAtHand(task) && isToUpload(task)),
        job,
        deps,
        signal,
      );
    const images = isNew ? await picturesOf(job, job.generation.attachmentSizeLimit) : [];
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
    if (err instanceof CannotFitError || isTooLarge(err) || isRefused(err)) {
      job.showsEarly = false;
      forgetShown(job);
    }
    return false;
  } finally {
    // The others may take long.
    if (isNew) letGo(job.tasks, deps);
  }
}

/** Whether there is something to show before the last word, which is deliver's: nothing may stand in its way. */
function hasNews({ tasks }: Job): boolean {
  return tasks.some(
    ({ row, image, trouble }) =>
      isWaiting(row) || (trouble === 'download' && row.state === 'completed' && !image),
  );
}

function throwFailure(results: readonly PromiseSettledResult<void>[]): void {
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
