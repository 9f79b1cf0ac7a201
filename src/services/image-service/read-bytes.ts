import { addAbortSignal, type Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createDeadline } from '../concurrency/deadline.ts';
import type { Semaphore } from '../concurrency/semaphore.ts';

/** An answer is longer than allowed. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
}

/** An answer didn't arrive in time. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

interface Limits {
  readonly maxBytes: number;
  /** How many bytes there are, if the service announces it: the gate then reserves no more than that. */
  readonly announcedBytes: number | null;
  /** The time for an ordinary answer, or for the first part of one that contains an image. */
  readonly ordinaryMs: number;
  readonly largeMs: number;
  /** Admits larger answers to memory by their size. */
  readonly gate: Semaphore;
  readonly signal: AbortSignal | undefined;
}

/** A longer answer contains an image, and waits for its turn in memory. */
export const ORDINARY_MAX_BYTES = 1024 * 1024;

/** Reads all bytes of a body. Destroys it and throws when it is too long or too late. */
export async function readBytes(body: Readable, limits: Limits): Promise<Uint8Array<ArrayBuffer>> {
  const { maxBytes, announcedBytes, ordinaryMs, largeMs, gate, signal } = limits;
  const room = Math.min(announcedBytes ?? maxBytes, maxBytes);
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  const taken: Uint8Array[] = [];
  let length = 0;

  /** False when the body is longer. The deadline ends a body that trickles in without a pause for undici's timeout. */
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
      (await gate(room, 'an answer', async () => await takeAll(maxBytes, largeMs)));
    if (!isWhole) throw new TooLongError(`The answer is over ${maxBytes} bytes`);
    return await joined(taken, length);
  } finally {
    await chunks.return?.();
  }
}

/** Copying more bytes in one go would noticeably block the event loop. */
const COPIED_AT_ONCE_BYTES = 4 * 1024 * 1024;

/** Copies the chunks into a buffer of its own, so that it can be transferred to another thread. */
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
