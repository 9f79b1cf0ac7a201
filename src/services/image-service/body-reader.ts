import { Worker } from 'node:worker_threads';
import { type Body, type Reading, readBody } from './body.ts';
import type { BodyThatWasRead, BodyToRead } from './body-worker.ts';

/**
 * Parses the bodies of answers: small ones at once, large ones on a thread, so that they don't block the event loop.
 */
export interface BodyReader {
  /** Rejects when the thread dies, for instance for want of memory. */
  read(bytes: Uint8Array<ArrayBuffer>, reading: Reading): Promise<Body>;
  close(): Promise<void>;
}

/** The service's usual answers have less than 2 KB. Any body of this size takes a millisecond or two at most. */
const AT_ONCE_MAX_BYTES = 64 * 1024;
/** Parsing an image of 48 MB in base64 takes about 250 MB for a moment. */
const THREAD_MEMORY_MB = 448;

export function createBodyReader(secret: string): BodyReader {
  const waiting = new Map<number, PromiseWithResolvers<Body>>();
  let thread: Worker | null = null;
  let lastId = 0;

  function start(): Worker {
    const started = new Worker(new URL('./body-worker.ts', import.meta.url), {
      workerData: secret,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB },
    });
    let cause: unknown = null;
    started.on('message', ({ id, body }: BodyThatWasRead) => {
      waiting.get(id)?.resolve(body);
      waiting.delete(id);
      if (waiting.size === 0) started.unref();
    });
    started.on('error', (error) => {
      cause = error;
    });
    started.on('exit', () => {
      if (thread === started) thread = null;
      for (const { reject } of waiting.values()) reject(new Error('the reading thread ended', { cause }));
      waiting.clear();
    });
    return started;
  }

  return {
    async read(bytes, { wantsImage, entriesMax }) {
      const reading = { wantsImage, entriesMax };
      if (bytes.length <= AT_ONCE_MAX_BYTES) return readBody(bytes, secret, reading);
      thread ??= start();
      thread.ref();
      lastId += 1;
      const body = Promise.withResolvers<Body>();
      waiting.set(lastId, body);
      const message: BodyToRead = { id: lastId, bytes, reading };
      thread.postMessage(message, [bytes.buffer]);
      return body.promise;
    },
    async close() {
      await thread?.terminate();
    },
  };
}
