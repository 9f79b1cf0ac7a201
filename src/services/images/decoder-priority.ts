import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import type { Logger } from '../log.ts';

const THREADS = '/proc/self/task';
/**
 * About a tenth of the processor time of a thread with normal priority, plus whatever those threads leave. On a busy
 * machine a lower priority would starve the decoders, and file access with them, because the same threads do both. The
 * ledger's writes, which first answers wait for, have a thread of their own.
 */
const NICENESS = 10;

/**
 * Lowers the priority of the decoder threads below the main thread's: on a busy processor pictures take longer, and
 * first answers don't. Only Linux has a priority for each thread (setpriority(2)), inherited by the threads that it
 * starts; elsewhere nothing happens. Returns the number of threads changed.
 */
export function letDecodersGiveWay(log: Logger): number {
  if (process.platform !== 'linux') return 0;
  try {
    const workers = readdirSync(THREADS).filter(isWorker);
    for (const id of workers) setPriority(Number(id), NICENESS);
    return workers.length;
  } catch (err) {
    // A host may hide the threads, or run everything at a lower priority already.
    log.warn({ err }, 'decoders could not be given a lower priority; heavy pictures may delay answers');
    return 0;
  }
}

/** libuv names its threads so; all of them exist once the first is used. */
function isWorker(id: string): boolean {
  return readFileSync(`${THREADS}/${id}/comm`, 'utf8').startsWith('libuv-worker');
}
