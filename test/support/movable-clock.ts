/**
 * Preloaded into the bot's process by `--import`: shifts `Date.now` and `performance.now` by as many milliseconds as
 * the parent last said, as when time passes, and answers each time. It begins once the first message is there, so that no start happens at the wrong time.
 */
import { once } from 'node:events';

const realNow = Date.now;
let shiftMs = 0;
Date.now = () => realNow() + shiftMs;
const realElapsed = performance.now.bind(performance);
performance.now = () => realElapsed() + shiftMs;

function shift(ms: unknown): void {
  shiftMs = Number(ms);
  process.send?.('shifted');
}

const [first] = await once(process, 'message');
shift(first);
process.on('message', shift);
// A bot that has nothing left to do must be able to end.
process.channel?.unref();
