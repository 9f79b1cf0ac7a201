import { fdatasyncSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Synced } from './log-sync.ts';

const { file } = workerData as { readonly file: number };

parentPort?.on('message', (number: number) => parentPort?.postMessage(sync(number)));

function sync(number: number): Synced {
  try {
    fdatasyncSync(file);
    return { number };
  } catch (error) {
    return { number, error };
  }
}
