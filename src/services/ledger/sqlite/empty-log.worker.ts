import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { writeProblemOf } from '../error.ts';
import { emptyLog } from './checkpoint.ts';

const TRY_AGAIN_AFTER_MS = 1000;

// Without a time-out, because waiting for readers would block the bot's writes.
const db = new DatabaseSync(workerData.path, { timeout: 0 });
for (let isEmpty = false; !isEmpty; ) {
  isEmpty = tryToEmpty();
  parentPort?.postMessage(isEmpty);
  if (!isEmpty) await delay(TRY_AGAIN_AFTER_MS);
}
db.close();

function tryToEmpty(): boolean {
  try {
    return emptyLog(db);
  } catch (error) {
    // The bot's next write will meet and report the same problem, such as a full disk.
    if (writeProblemOf(error) === null) throw error;
    return false;
  }
}
