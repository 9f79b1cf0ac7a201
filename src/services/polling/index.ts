import { backOffMs } from './back-off.ts';
import type { CheckLimits } from './checks.ts';
import { publishedOf } from './kinds.ts';
import { REMEMBERED } from './learn.ts';
import { type Plan, planFor, type Underway } from './plan.ts';
import type { Observation } from './progress.ts';
import { createSlowDown } from './slow-down.ts';

export { kindOf } from './kinds.ts';
export type { Underway } from './plan.ts';
export { foretell, type Observation, type Progress } from './progress.ts';

/** Decides when to ask the service about a task, from how long tasks of the same kind took before. */
export interface Schedule {
  /** How long to wait until the next query, in milliseconds. */
  pauseMs(kind: string, task: Underway): number;
  /** The shortest pause after this many failed queries in a row; the service's own `Retry-After` is a floor. */
  pauseAfterFailureMs(failures: number, retryAfterMs: number | null): number;
  /** The age by which half of such tasks (or `share`) are ready, in milliseconds; null when unknown. */
  readyAtMs(kind: string, task: Underway, share?: number): number | null;
  /** Learns how long a task took, and stores it. Rejects when it can't be stored; it still counts in this process. */
  learn(kind: string, observation: Observation): Promise<void>;
  /** Throttles all polling for a while. To be called when the service says that it is asked too often. */
  slowDown(): void;
}

/** To plan takes a millisecond: a plan serves until it was made from 16 times as many durations as came since. */
const WORTH_PLANNING = 16;

interface Planned {
  readonly plan: Plan;
  /** How many durations it was made from. */
  readonly from: number;
  /** How many have come since. */
  news: number;
}

/** `earlier` holds the ledger's observations, oldest first; new ones go to `durations`, which returns those of all processes. */
export function createSchedule({
  earlier,
  durations,
  elapsed,
  ...limits
}: CheckLimits & {
  earlier: ReadonlyMap<string, readonly Observation[]>;
  durations: { add(kind: string, observation: Observation): Promise<readonly Observation[]> };
  /** Milliseconds on a monotonic clock. */
  elapsed: () => number;
}): Schedule {
  const throttle = createSlowDown(elapsed);
  const known = new Map([...earlier].map(([kind, observations]) => [kind, observations.slice(-REMEMBERED)]));
  const plans = new Map<string, Planned>();

  function planOf(kind: string): Plan {
    const planned = plans.get(kind);
    if (planned && (planned.news === 0 || planned.news * WORTH_PLANNING < planned.from)) return planned.plan;
    const observations = known.get(kind) ?? [];
    const plan = planFor(observations, publishedOf(kind), limits);
    plans.set(kind, { plan, from: observations.length, news: 0 });
    return plan;
  }

  function note(kind: string, observations: readonly Observation[]): void {
    known.set(kind, observations.slice(-REMEMBERED));
    const planned = plans.get(kind);
    if (planned) planned.news += 1;
  }

  return {
    pauseMs: (kind, task) => planOf(kind).nextCheckAt(task, throttle.factor()) - task.ageMs,
    pauseAfterFailureMs: (failures, retryAfterMs) => backOffMs(failures, retryAfterMs, limits),
    readyAtMs: (kind, task, share) => planOf(kind).readyAt(task, share),
    async learn(kind, observation) {
      try {
        note(kind, await durations.add(kind, observation));
      } catch (error) {
        note(kind, [...(known.get(kind) ?? []), observation]);
        throw error;
      }
    },
    slowDown: throttle.increase,
  };
}
