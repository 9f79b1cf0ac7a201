import { inspectImage } from '../images/inspect.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job } from './job.ts';

/** An image that was kept on disk, a task's or a reference. Null where it can't be used, so that it is fetched again. */
export async function readKept(file: string, job: Job, { files }: Pick<RunnerDeps, 'files'>) {
  try {
    const bytes = await files.read(file);
    return bytes && { bytes, info: await inspectImage(bytes, job.generation.userId) };
  } catch (err) {
    job.log.error({ err, file }, 'the kept image can not be read; it is fetched again');
    return null;
  }
}
