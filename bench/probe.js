// Preloaded into a process under test by `--import`: measures how late its event loop is, and answers its parent with
// what it has seen since it was asked last. JavaScript, so that it brings no stripping of types along.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;
const NS_PER_MS = 1e6;

const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delays.enable();

process.on('message', () => {
  const probed = { loopP99Ms: delays.percentile(99) / NS_PER_MS };
  delays.reset();
  process.send?.(probed);
});
// A bot that has nothing left to do must be able to end.
process.channel?.unref();
