/**
 * Preloaded into the bot's process by `--import`. Shifts `Date.now` and `performance.now` by the milliseconds that the
 * parent sent last, and answers each message. The process only continues after the first message, so that no
 * bot starts at the wrong time.
 */
import { once } from 'node:events';

const realNow = Date.now;
let shift = { wallMs: 0, elapsedMs: 0 };
Date.now = () => realNow() + shift.wallMs;
const realElapsed = performance.now.bind(performance);
performance.now = () => realElapsed() + shift.elapsedMs;

function move(to: unknown): void {
  shift = to as typeof shift;
  process.send?.('shifted');
}

const [first] = await once(process, 'message');
move(first);
process.on('message', move);
// The channel must not keep a finished bot alive.
process.channel?.unref();
