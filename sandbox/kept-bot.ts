import type { Bot, LogLine } from './bot.ts';

/** The bot under a supervisor: one process after the other, on the same ledger. */
export interface KeptBot {
  /** The running process, or the last one. */
  readonly current: Bot;
  readonly isRunning: boolean;
  /** Starts the next process, unless one is running. */
  start(): void;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Calls back with each line that any of the processes logs from now on. */
  onLog(listener: (line: LogLine) => void): void;
  /** Calls back whenever a process starts or ends. */
  onChange(listener: () => void): void;
}

export function keepBot(spawn: () => Bot): KeptBot {
  const logListeners: ((line: LogLine) => void)[] = [];
  const changeListeners: (() => void)[] = [];
  const announce = () => {
    for (const listener of changeListeners) listener();
  };
  let isRunning = false;
  let current = next();

  function next(): Bot {
    const bot = spawn();
    isRunning = true;
    bot.onLog((line) => {
      for (const listener of logListeners) listener(line);
    });
    void bot.ended.then(() => {
      isRunning = false;
      announce();
    });
    return bot;
  }

  return {
    get current() {
      return current;
    },
    get isRunning() {
      return isRunning;
    },
    start() {
      if (isRunning) return;
      current = next();
      announce();
    },
    async stop(signal) {
      await current.stop(signal);
    },
    onLog: (listener) => logListeners.push(listener),
    onChange: (listener) => changeListeners.push(listener),
  };
}
