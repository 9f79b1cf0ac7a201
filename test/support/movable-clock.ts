/**
 * Preloaded into the bot's process by `--import`. Shifts `Date.now` and `performance.now` by the number of milliseconds
 * that the parent sent last, and answers each message. The process only continues after the first message, so that no
 * bot starts at the wrong time.
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
// The channel must not keep a finished bot alive.
process.channel?.unref();
