import { addAbortSignal, type Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createDeadline } from '../concurrency/deadline.ts';
import type { Semaphore } from '../concurrency/semaphore.ts';

/** An answer is longer than any that is expected. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
}

/** The time for all of an answer is over. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

interface Limits {
  readonly maxBytes: number;
  /** For all of an ordinary answer, and once more for the rest of one that holds an image. */
  readonly ordinaryMs: number;
  readonly largeMs: number;
  /** Lets in what is larger than usual, by its size. */
  readonly gate: Semaphore;
  readonly signal: AbortSignal | undefined;
}

/** Beyond this an answer holds an image, and takes its turn in memory. */
export const ORDINARY_MAX_BYTES = 1024 * 1024;

/** All bytes of a body, where it is no longer and no later than it may be. It is destroyed otherwise. */
export async function readBytes(body: Readable, limits: Limits): Promise<Uint8Array<ArrayBuffer>> {
  const { maxBytes, ordinaryMs, largeMs, gate, signal } = limits;
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  const taken: Uint8Array[] = [];
  let length = 0;

  /** False where the body is longer than that. It can trickle in for days without any pause that undici would end. */
  async function takeAll(most: number, ms: number): Promise<boolean> {
    using deadline = createDeadline(ms, signal);
    addAbortSignal(deadline.signal, body);
    try {
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
        taken.push(next.value);
        length += next.value.length;
        if (length > most) return false;
      }
      return true;
    } catch (error) {
      throw deadline.isPast ? new TooLateError('The answer took too long') : error;
    }
  }

  try {
    if (await takeAll(Math.min(ORDINARY_MAX_BYTES, maxBytes), ordinaryMs)) return await joined(taken, length);
    const isWhole =
      maxBytes > ORDINARY_MAX_BYTES &&
      (await gate(maxBytes, 'an answer', async () => await takeAll(maxBytes, largeMs)));
    if (!isWhole) throw new TooLongError(`The answer is over ${maxBytes} bytes`);
    return await joined(taken, length);
  } finally {
    await chunks.return?.();
  }
}

/** More than so many bytes at once would be felt. */
const COPIED_AT_ONCE_BYTES = 4 * 1024 * 1024;

/** In memory of its own, so that another thread can have it. */
async function joined(chunks: readonly Uint8Array[], length: number): Promise<Uint8Array<ArrayBuffer>> {
  const all = new Uint8Array(length);
  let at = 0;
  let pauseAt = COPIED_AT_ONCE_BYTES;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
    if (at < pauseAt) continue;
    pauseAt = at + COPIED_AT_ONCE_BYTES;
    await nextTurn();
  }
  return all;
}
