import type { Logger } from '../log.ts';

export interface Lifecycle {
  /** Shuts down like after a signal, and exits with this code. */
  leave(exitCode: number): Promise<void>;
}

/**
 * Runs `shutDown` once at the first SIGTERM or SIGINT, or when an error escapes every handler, and then exits. A second
 * signal exits at once, as does a shutdown that takes longer than `withinMs`. If npm started the bot, npm's end counts
 * as a signal, too.
 */
export function onTermination(options: {
  log: Logger;
  withinMs: number;
  startedByNpm: boolean;
  shutDown: () => Promise<void>;
}): Lifecycle {
  const { log, withinMs, startedByNpm, shutDown } = options;
  let leaving = false;

  async function leave(exitCode: number): Promise<void> {
    if (leaving) process.exit(exitCode || 1);
    leaving = true;
    setTimeout(() => {
      log.error('the shutdown took too long; leaving now');
      process.exit(exitCode || 1);
    }, withinMs).unref();
    try {
      await shutDown();
    } catch (err) {
      log.error({ err }, 'the shutdown failed');
      process.exit(1);
    }
    process.exit(exitCode);
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, leaving ? 'leaving at once' : 'stopping');
      void leave(0);
    });
  }
  if (startedByNpm) {
    onOrphaned(() => {
      // Ctrl+C reaches npm, its shell and the bot alike, but is one signal, not two.
      if (leaving) return;
      log.info('npm was ended; stopping');
      void leave(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      log.fatal(
        { err },
        'something escaped every handler; stopping so that a supervisor can start the bot again',
      );
      // Only a second signal cuts the shutdown short.
      if (!leaving) void leave(1);
    });
  }
  return { leave };
}

const ORPHAN_CHECK_MS = 250;

/** At a signal npm ends its shell, and the shell doesn't pass the signal on: the bot only sees its parent change. */
function onOrphaned(listener: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    listener();
  }, ORPHAN_CHECK_MS);
  timer.unref();
}
