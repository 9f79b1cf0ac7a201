import { type CheckLimits, checksOf, nextCheckAt } from './checks.ts';
import { quantile } from './distribution.ts';
import type { Prior } from './duration-models.ts';
import { learn } from './learn.ts';
import { type Observation, posterior, trustIn } from './progress.ts';
import { valueAt } from './time-grid.ts';

/** How much longer a finished image may wait unseen to save one query. */
export const CHECK_COST_MS = 150;

/** With fewer observations than this, a kind counts as unknown and only its published durations are used. */
const KNOWN_FROM = 5;
/** For an unknown kind, neither the queries nor the wait may exceed those of this fixed interval. */
const UNKNOWN_INTERVAL_MS = 5000;
/** A task is late when fewer than this share take as long; nobody can say when it will be ready. */
const LATE_SHARE = 0.04;

/** A task under way: its age, and its whole duration as its latest informative progress report foretells it. */
export interface Underway {
  readonly ageMs: number;
  readonly foretoldMs: number | null;
}

/** When to ask about a kind's tasks, and how long they take. Ages are in milliseconds. */
export interface Plan {
  /** The age at which to ask next, when one query stands for `checksPerQuery` due checks. */
  nextCheckAt(task: Underway, checksPerQuery?: number): number;
  /** The age by which half of such tasks (or `share`) are ready; null for a late one, or when nothing is known. */
  readyAt(task: Underway, share?: number): number | null;
}

/** Plans a kind's next task from the observed durations, oldest first, and the published ones. */
export function planFor(
  observations: readonly Observation[],
  prior: Prior | null,
  limits: CheckLimits,
): Plan {
  const isKnown = observations.length >= KNOWN_FROM;
  const firstBy = isKnown ? 0 : withinLimits(UNKNOWN_INTERVAL_MS, limits);
  if (!isKnown && !prior) {
    return {
      nextCheckAt: ({ ageMs }, checksPerQuery = 1) => ageMs + withinLimits(firstBy * checksPerQuery, limits),
      readyAt: () => null,
    };
  }

  const usual = learn(
    observations.map(({ tookMs }) => tookMs),
    prior,
  );
  const costMs = isKnown || !prior ? CHECK_COST_MS : cautiousCostMs(prior);
  const trust = trustIn(observations);
  const usualChecks = checksOf(usual, costMs, limits);
  const distributionFor = (foretoldMs: number | null) =>
    trust && foretoldMs ? posterior(usual, foretoldMs, trust) : usual;

  return {
    nextCheckAt({ ageMs, foretoldMs }, checksPerQuery = 1) {
      const distribution = distributionFor(foretoldMs);
      const checks = distribution === usual ? usualChecks : checksOf(distribution, costMs, limits);
      const next = nextCheckAt(checks, ageMs, limits, checksPerQuery);
      const first = withinLimits(firstBy * checksPerQuery, limits);
      return ageMs < firstBy ? Math.min(next, Math.max(first, ageMs + limits.pollMinMs)) : next;
    },
    readyAt({ ageMs, foretoldMs }, share = 0.5) {
      const distribution = distributionFor(foretoldMs);
      return valueAt(distribution.cdf, ageMs) > 1 - LATE_SHARE ? null : quantile(distribution, share, ageMs);
    },
  };
}

/**
 * At the optimum, the wait equals the cost times the number of queries. This cost makes both the same share of what the
 * fixed interval would give (its first query aside), so neither exceeds it when the published median is roughly right.
 */
function cautiousCostMs({ medianMs }: Prior): number {
  const queries = Math.max(medianMs / UNKNOWN_INTERVAL_MS - 0.25, 0.5);
  return UNKNOWN_INTERVAL_MS / 2 / queries;
}

function withinLimits(ms: number, { pollMinMs, pollMaxMs }: CheckLimits): number {
  return Math.min(Math.max(ms, pollMinMs), pollMaxMs);
}
