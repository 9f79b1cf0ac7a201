import { collect } from './collect.ts';
import type { RunnerDeps } from './deps.ts';
import { hold } from './hold.ts';
import type { Job } from './job.ts';
import { isToUpload } from './pictures.ts';

/**
 * Has all images in memory that the next message has to carry. One that gave way, or whose file can't be read, is
 * collected from the service as patiently as the first time, and undeliverable only then: the others go on.
 */
export async function haveAll(job: Job, deps: RunnerDeps): Promise<void> {
  for (;;) {
    const missing = await hold(job.tasks.filter(isToUpload), job, deps, job.stopping);
    if (missing.length === 0) return;
    // A part that can't be read any more is no longer shown.
    const whole = missing.filter(({ row }) => row.state === 'completed');
    await Promise.all(whole.map((task) => collect(task, job, deps)));
  }
}
