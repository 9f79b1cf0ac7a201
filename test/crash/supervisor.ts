import { type Bot, type LogLine, startBot } from '../../sandbox/bot.ts';

/** What one process gets besides. */
interface Start {
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Keeps one bot process running at a time. */
export interface Supervisor {
  start(options?: Start): void;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Pauses the process, as a paused machine does, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** The API by which the running process, or the last one, has images made. */
  api(): string | undefined;
  /** The name under which the running process holds leases; null until it is ready. */
  owner(): string | null;
  /** Processes that ended by themselves, with their last output. */
  readonly exits: readonly string[];
  /** Log lines that contain a secret. */
  readonly leaks: readonly string[];
}

const LAST_LINES = 3;
/** A process that starts while the database restarts says so, and ends. */
const NO_DATABASE = /^The bot cannot start: .*database .*cannot be (?:reached|used)/;

/** Starts bots with this environment, and reads their logs for secrets. */
export function createSupervisor(env: Record<string, string>, secrets: readonly string[]): Supervisor {
  const exits: string[] = [];
  const leaks: string[] = [];
  let running: Bot | null = null;
  let api = env.IMAGE_API;

  function check(line: LogLine): void {
    const text = JSON.stringify(line);
    if (secrets.some((secret) => text.includes(secret))) leaks.push(line.msg);
  }

  async function watch(bot: Bot): Promise<void> {
    const how = await bot.ended;
    if (running !== bot) return;
    // Whatever supervises the bot starts it again.
    if (how === 1 && bot.errors.some((words) => NO_DATABASE.test(words))) return begin();
    const fatal = bot.log.filter(({ level }) => level === 'fatal');
    const words = [...fatal, ...bot.log.slice(-LAST_LINES)].map((line) => JSON.stringify(line));
    words.push(...bot.errors);
    exits.push(`${how}: ${words.join('\n')}`);
  }

  function begin({ nodeArgs = [], env: more = {} }: Start = {}): void {
    api = more.IMAGE_API ?? env.IMAGE_API;
    running = startBot({ env: { ...env, ...more }, nodeArgs });
    running.onLog(check);
    void watch(running);
  }

  return {
    exits,
    leaks,
    start: begin,
    async stop(signal) {
      const bot = running;
      running = null;
      await bot?.stop(signal);
    },
    signal: (signal) => void running?.process.kill(signal),
    api: () => api,
    owner() {
      const found = running?.log.findLast((line) => typeof line.owner === 'string')?.owner;
      return typeof found === 'string' ? found : null;
    },
  };
}
