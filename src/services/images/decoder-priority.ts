import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import type { Logger } from '../log.ts';

const THREADS = '/proc/self/task';
/**
 * A tenth of the time that a thread of normal priority gets, and all that those leave. A lower priority would starve
 * decoders on a machine that is busy with other programs, and with them the reading and writing of files, which the same
 * threads do. What people wait for first, the ledger's disk, has a thread of its own.
 */
const NICENESS = 10;

/**
 * Lets the threads that decode give way to the one that answers people: where there is not enough of the processor for
 * both, pictures take longer, and first answers don't. Linux has a priority for each thread (setpriority(2)), which the
 * threads that they start inherit; elsewhere nothing happens. Returns how many threads it reached.
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

/** By the name that libuv gives its threads, which exist from the first use of one of them on. */
function isWorker(id: string): boolean {
  return readFileSync(`${THREADS}/${id}/comm`, 'utf8').startsWith('libuv-worker');
}
