import type { CheckLimits } from './checks.ts';
import { publishedOf } from './kinds.ts';
import { REMEMBERED } from './learn.ts';
import { type Plan, planFor, type Underway } from './plan.ts';
import type { Observation } from './progress.ts';
import { createSlowDown } from './slow-down.ts';
import { troublePauseMs } from './trouble.ts';

export { kindOf } from './kinds.ts';
export type { Underway } from './plan.ts';
export { foretell, type Observation, type Progress } from './progress.ts';

/** Decides when the service is asked, by how long tasks of the same kind took before. */
export interface Schedule {
  /** How long to wait until the next query, in milliseconds. */
  pauseMs(kind: string, task: Underway): number;
  /** At least so long after failed queries: this many in a row; the service's own `Retry-After` is a floor. */
  pauseAfterFailureMs(failures: number, retryAfterMs: number | null): number;
  /** The age by which half of such tasks are ready, or another share, in milliseconds; null where nobody can say. */
  readyAtMs(kind: string, task: Underway, share?: number): number | null;
  /** Takes in how long a task took, and writes it down. Rejects where that can't be done; then it counts for this process. */
  learn(kind: string, observation: Observation): Promise<void>;
  /** The service has said that it is asked too often: everybody waits longer for a while. */
  slowDown(): void;
}

/** `earlier` is what is known from the ledger, oldest first, which `durations` goes on to keep. */
export function createSchedule({
  earlier,
  durations,
  elapsed,
  ...limits
}: CheckLimits & {
  earlier: ReadonlyMap<string, readonly Observation[]>;
  durations: { add(kind: string, observation: Observation): Promise<void> };
  /** Milliseconds since whenever, by a clock that nobody sets. */
  elapsed: () => number;
}): Schedule {
  const slowed = createSlowDown(elapsed);
  const known = new Map([...earlier].map(([kind, observations]) => [kind, observations.slice(-REMEMBERED)]));
  const plans = new Map<string, Plan>();

  function planOf(kind: string): Plan {
    const plan = plans.get(kind) ?? planFor(known.get(kind) ?? [], publishedOf(kind), limits);
    plans.set(kind, plan);
    return plan;
  }

  return {
    pauseMs: (kind, task) => planOf(kind).nextCheckAt(task, slowed.factor()) - task.ageMs,
    pauseAfterFailureMs: (failures, retryAfterMs) => troublePauseMs(failures, retryAfterMs, limits),
    readyAtMs: (kind, task, share) => planOf(kind).readyAt(task, share),
    async learn(kind, observation) {
      known.set(kind, [...(known.get(kind) ?? []), observation].slice(-REMEMBERED));
      plans.delete(kind);
      await durations.add(kind, observation);
    },
    slowDown: slowed.more,
  };
}
