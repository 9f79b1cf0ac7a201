import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { OPENAI_MODEL_NAMES } from './openai/fields.ts';

const ENTRY_POINT = fileURLToPath(new URL('../src/index.ts', import.meta.url));

/** The memory flags of `npm start`, so that the bot runs the same here. */
const MEMORY_FLAGS = packageJson.scripts.start.split(' ').filter((word) => word.startsWith('--max-'));

/**
 * Node's compile cache, which halves the time of each further start. It isn't in the folder for temporary files, where
 * anybody on the machine could place code of their own.
 */
export const COMPILE_CACHE = fileURLToPath(
  new URL('../node_modules/.cache/imagine-bot-sandbox', import.meta.url),
);

/** One line of the bot's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** The real bot in its own process. It knows the sandbox only by its environment variables. */
export interface Bot {
  readonly process: ChildProcess;
  readonly log: readonly LogLine[];
  /** Calls back with each line from now on. */
  onLog(listener: (line: LogLine) => void): void;
  /** Lines that it wrote besides its log, which tell why it couldn't start. */
  readonly errors: readonly string[];
  /** How it ended: the exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Sends a signal and waits until the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** Starts the bot with exactly these environment variables; `nodeArgs` go before the entry point, `ipc` opens a channel to it. */
export function startBot(options: {
  env: Record<string, string>;
  nodeArgs?: readonly string[];
  ipc?: boolean;
}): Bot {
  const { env, nodeArgs = [], ipc = false } = options;
  const listeners: ((line: LogLine) => void)[] = [];
  const log: LogLine[] = [];
  const errors: string[] = [];
  const child = spawn(process.execPath, [...MEMORY_FLAGS, ...nodeArgs, ENTRY_POINT], {
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ipc ? 'ipc' : 'ignore'],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as LogLine;
    log.push(line);
    for (const listener of listeners) listener(line);
  });
  createInterface({ input: child.stderr }).on('line', (text) => errors.push(text));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);

  return {
    process: child,
    log,
    onLog: (listener) => listeners.push(listener),
    errors,
    ended,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** The environment variables that point the bot at a sandbox. */
export function environmentFor(
  discord: { apiUrl: string; token: string },
  jimmyAi: { baseUrl: string; apiKey: string },
  databasePath: string,
  api: 'jimmyai' | 'openai' = 'jimmyai',
): Record<string, string> {
  const openAi = {
    IMAGE_API: 'openai',
    OPENAI_API_KEY: jimmyAi.apiKey,
    OPENAI_BASE_URL: `${jimmyAi.baseUrl}/v1`,
    OPENAI_MODELS: OPENAI_MODEL_NAMES.join(),
  };
  return {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    JIMMYAI_API_KEY: jimmyAi.apiKey,
    JIMMYAI_BASE_URL: jimmyAi.baseUrl,
    ...(api === 'openai' && openAi),
    DATABASE_PATH: databasePath,
  };
}
