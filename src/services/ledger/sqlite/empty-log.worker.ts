import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { writeProblemOf } from '../error.ts';
import { emptyLog } from './checkpoint.ts';

const TRY_AGAIN_AFTER_MS = 1000;

// Without a time-out: whoever waited for readers here would keep the bot from writing all the while.
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
    // Such as a full disk: the bot's next write meets the same, and says so.
    if (writeProblemOf(error) === null) throw error;
    return false;
  }
}
