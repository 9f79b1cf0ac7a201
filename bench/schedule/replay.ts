import { loadConfig } from '../../src/services/config.ts';
import { createSchedule, type Observation, type Schedule } from '../../src/services/polling/index.ts';
import { REMEMBERED } from '../../src/services/polling/learn.ts';

/** One task of a history. Its kind is one that the bot's schedule tells apart. */
export interface TracedTask {
  readonly kind: string;
  readonly seconds: number;
}

/** The outcome of watching a task. */
export interface Outcome {
  readonly kind: string;
  /** How long the image existed unseen, in seconds. */
  readonly wait: number;
  readonly queries: number;
}

/** The milliseconds until the next query about a task of this age. */
type Pause = (kind: string, ageMs: number) => number;

/** The bot's default settings. */
export const DEFAULTS = loadConfig({ DISCORD_TOKEN: 'none', JIMMYAI_API_KEY: 'none' });

/** Watches one task after the other in virtual time; the schedule learns from each. */
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

/** Watches the same tasks at a fixed interval. */
export function replayFixed(tasks: readonly TracedTask[], seconds: number): Outcome[] {
  return tasks.map((task) => watchOne(task, () => seconds * 1000).outcome);
}

/** A schedule that only knows the published durations. */
export function freshSchedule(): Schedule {
  const { pollMinMs, pollMaxMs } = DEFAULTS;
  const all = new Map<string, Observation[]>();
  const durations = {
    async add(kind: string, observation: Observation) {
      const known = [...(all.get(kind) ?? []), observation].slice(-REMEMBERED);
      all.set(kind, known);
      return known;
    },
  };
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

/**
 * The duration as the bot sees it. The service reports the end in whole seconds, and at the last query the task wasn't
 * done.
 */
function asTheBotSeesIt(seconds: number, lastLookMs: number): number {
  return Math.max(Math.floor(seconds) * 1000 + 500, lastLookMs);
}
