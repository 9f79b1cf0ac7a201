import { parentPort, workerData } from 'node:worker_threads';
import { type Body, type Reading, readBody } from './body.ts';

/** A body that this thread has to parse. */
export interface BodyToRead {
  readonly id: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly reading: Reading;
}

/** The parsed body. */
export interface BodyThatWasRead {
  readonly id: number;
  readonly body: Body;
}

parentPort?.on('message', ({ id, bytes, reading }: BodyToRead) => {
  parentPort?.postMessage({ id, body: readBody(bytes, String(workerData), reading) });
});
