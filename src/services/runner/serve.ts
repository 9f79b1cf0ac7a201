import type { Shown } from '../discord/replies.ts';
import { acknowledge } from './acknowledge.ts';
import { advance } from './advance.ts';
import { deliver } from './deliver.ts';
import type { RunnerDeps } from './deps.ts';
import { haveAll } from './have-all.ts';
import { letGo } from './hold.ts';
import { doNothing, type Job, type Stage, stateOf } from './job.ts';
import { allKept } from './keep.ts';
import { repeatLastWord } from './last-word.ts';
import { notify } from './notify.ts';
import { Painter } from './painter.ts';
import { ReplyInProgress } from './scene.ts';
import { settle } from './settle.ts';
import { takeTurn, tasksLeft } from './take-turn.ts';

/**
 * Serves one generation from wherever its rows say it is to its last visible word, and writes that down. Rejects with
 * an AbortError when the process is about to stop, after the reply says that it goes on later.
 */
export function serve(job: Job, deps: RunnerDeps): Promise<void> {
  return makeVisible(job, deps).then((lastWord) => conclude(lastWord, job, deps));
}

/** From here on nothing new may be shown any more: what the person sees is final. */
async function conclude({ shown, isContested }: LastWord, job: Job, deps: RunnerDeps): Promise<void> {
  const repeated = isContested ? repeatLastWord(job, deps) : Promise.resolve();
  await Promise.all([repeated.then(() => settle(job, shown, deps)), notify(job, shown, deps)]);
}

interface LastWord {
  readonly shown: Shown | null;
  /** An edit that was cut off may come after it. */
  readonly isContested: boolean;
}

async function makeVisible(job: Job, deps: RunnerDeps): Promise<LastWord> {
  const painter = new Painter(new ReplyInProgress(job, deps), deps.pace);
  let announcement: Promise<void> | null = null;
  const announceRestart = () => {
    announcement ??= announce('restarting', painter, job, deps);
  };

  try {
    await acknowledge(job, deps);
    job.stopping.throwIfAborted();
    job.stops = announceRestart;
    job.changed = () => {
      deps.queue.left(job.generation.id, tasksLeft(job, deps.now()));
      painter.changed();
    };
    // Once more for what goes back in line.
    for (let open = job.tasks; open.length > 0; open = job.tasks.filter(isReserved)) {
      await takeTurn(job, deps);
      // After a restart the reply shows what it showed, until there is news.
      if (!job.resumed) job.changed();
      // Unlike with Promise.all, none is still under way when one rejects: what is tried again must not be done twice.
      throwFailure(await Promise.allSettled(open.map((task) => advance(task, job, deps))));
      job.stopping.throwIfAborted();
    }
    // While the reply can still say so where one is waited for.
    job.showsEarly = false;
    await haveAll(job, deps);
    job.stops = doNothing;
    const isContested = await painter.seal();
    return { shown: await deliver(job, deps), isContested };
  } catch (error) {
    if (job.stopping.aborted) announceRestart();
    else await announce('broken', painter, job, deps);
    await announcement;
    throw error;
  } finally {
    await allKept(job);
    letGo(job.tasks, deps);
    job.changed = doNothing;
    job.stops = doNothing;
  }
}

async function announce(
  stage: Stage,
  painter: Painter<unknown>,
  job: Job,
  { replies, render, now }: RunnerDeps,
): Promise<void> {
  await painter.seal();
  try {
    await replies.edit(job.generation, { ...render(stateOf(job, stage), now()), images: [] }, job.log);
  } catch (err) {
    job.log.warn({ err, stage }, 'the reply could not say so');
  }
}

function isReserved({ row }: Job['tasks'][number]): boolean {
  return row.state === 'reserved';
}

function throwFailure(results: readonly PromiseSettledResult<void>[]): void {
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
