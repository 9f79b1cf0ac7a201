import { setTimeout as delay } from 'node:timers/promises';
import { isPassing } from '../discord/errors.ts';
import type { RunnerDeps } from './deps.ts';
import { type Job, stateOf } from './job.ts';
import { patiently } from './patience.ts';

/** Whatever Discord was still to do for a request that was cut off, it has done after this long. */
const CUT_OFF_LIVES_MS = 5000;
const REPEAT_PAUSES_MS = [2000, 10_000, 30_000, 60_000] as const;

/**
 * Says the last word once more, without its images, which stay. An edit that was cut off so that nothing waited for it
 * may have reached Discord all the same, and have been taken after the last word.
 */
export async function repeatLastWord(
  job: Job,
  { replies, render, now }: Pick<RunnerDeps, 'replies' | 'render' | 'now'>,
): Promise<void> {
  await delay(CUT_OFF_LIVES_MS, null, { signal: job.stopping }).catch(() => undefined);
  const message = { ...render(stateOf(job, 'final'), now()), images: [] };
  try {
    await patiently(() => replies.edit(job.generation, message, job.log), {
      pausesMs: REPEAT_PAUSES_MS,
      worthwhile: (error, tries) => isPassing(error) && tries <= REPEAT_PAUSES_MS.length,
      halt: job.stopping,
    });
  } catch (err) {
    job.log.warn({ err }, 'the last word could not be repeated; an older one may stand there');
  }
}
