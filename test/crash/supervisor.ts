import { type Bot, type LogLine, startBot } from '../../sandbox/bot.ts';

/** Keeps one bot process running at a time. */
export interface Supervisor {
  start(options?: { nodeArgs?: readonly string[]; env?: Readonly<Record<string, string>> }): void;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Pauses the process, as a paused machine does, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** The name under which the running process holds leases; null until it is ready. */
  owner(): string | null;
  /** Processes that ended by themselves, with their last output. */
  readonly exits: readonly string[];
  /** Log lines that contain a secret. */
  readonly leaks: readonly string[];
}

const LAST_LINES = 3;

/** Starts bots with this environment, and reads their logs for secrets. */
export function createSupervisor(env: Record<string, string>, secrets: readonly string[]): Supervisor {
  const exits: string[] = [];
  const leaks: string[] = [];
  let running: Bot | null = null;

  function check(line: LogLine): void {
    const text = JSON.stringify(line);
    if (secrets.some((secret) => text.includes(secret))) leaks.push(line.msg);
  }

  async function watch(bot: Bot): Promise<void> {
    const how = await bot.ended;
    if (running !== bot) return;
    const words = [...bot.log.slice(-LAST_LINES).map((line) => JSON.stringify(line)), ...bot.errors];
    exits.push(`${how}: ${words.join('\n')}`);
  }

  return {
    exits,
    leaks,
    start({ nodeArgs = [], env: more = {} } = {}) {
      running = startBot({ env: { ...env, ...more }, nodeArgs });
      running.onLog(check);
      void watch(running);
    },
    async stop(signal) {
      const bot = running;
      running = null;
      await bot?.stop(signal);
    },
    signal: (signal) => void running?.process.kill(signal),
    owner() {
      const found = running?.log.findLast((line) => typeof line.owner === 'string')?.owner;
      return typeof found === 'string' ? found : null;
    },
  };
}
