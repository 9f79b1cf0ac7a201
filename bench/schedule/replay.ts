import { loadConfig } from '../../src/services/config.ts';
import { createSchedule, type Schedule } from '../../src/services/polling/index.ts';

/** One task of a history: the kinds are those that the bot's schedule tells apart. */
export interface TracedTask {
  readonly kind: string;
  readonly seconds: number;
}

/** What watching a task came to. */
export interface Outcome {
  readonly kind: string;
  /** How long the image existed unseen, in seconds. */
  readonly wait: number;
  readonly queries: number;
}

/** When to ask: after how many milliseconds, of a task this old. */
type Pause = (kind: string, ageMs: number) => number;

/** The bot as it is set up by itself. */
export const DEFAULTS = loadConfig({ DISCORD_TOKEN: 'none', JIMMYAI_API_KEY: 'none' });

/** Watches one task after the other in virtual time, each by what the schedule has learned from those before. */
export async function replayLearning(tasks: readonly TracedTask[]): Promise<Outcome[]> {
  const schedule = freshSchedule();
  const outcomes: Outcome[] = [];
  for (const task of tasks) {
    const { outcome, lastLookMs } = watchOne(task, (kind, ageMs) =>
      schedule.pauseMs(kind, { ageMs, foretoldMs: null }),
    );
    outcomes.push(outcome);
    await schedule.learn(task.kind, { tookMs: asTheBotSeesIt(task.seconds, lastLookMs), foretoldMs: null });
  }
  return outcomes;
}

/** The same tasks at one interval. */
export function replayFixed(tasks: readonly TracedTask[], seconds: number): Outcome[] {
  return tasks.map((task) => watchOne(task, () => seconds * 1000).outcome);
}

/** One that knows nothing but what is published. */
export function freshSchedule(): Schedule {
  const { pollMinMs, pollMaxMs } = DEFAULTS;
  const durations = { add: async () => undefined };
  return createSchedule({ earlier: new Map(), durations, pollMinMs, pollMaxMs, elapsed: () => 0 });
}

export function watchOne(
  { kind, seconds }: TracedTask,
  pauseMs: Pause,
): { outcome: Outcome; lastLookMs: number } {
  const tookMs = seconds * 1000;
  let ageMs = 0;
  let lastLookMs = 0;
  let queries = 0;
  do {
    lastLookMs = ageMs;
    ageMs += pauseMs(kind, ageMs);
    queries += 1;
  } while (ageMs < tookMs);
  return { outcome: { kind, wait: (ageMs - tookMs) / 1000, queries }, lastLookMs };
}

/** The service tells in whole seconds when a task was done; at the last look it wasn't. */
function asTheBotSeesIt(seconds: number, lastLookMs: number): number {
  return Math.max(Math.floor(seconds) * 1000 + 500, lastLookMs);
}
