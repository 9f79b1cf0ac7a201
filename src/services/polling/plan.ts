import { type CheckLimits, checksOf, nextCheckAt } from './checks.ts';
import { quantile } from './distribution.ts';
import type { Prior } from './duration-models.ts';
import { learn } from './learn.ts';
import { given, type Observation, trustIn } from './progress.ts';
import { valueAt } from './time-grid.ts';

/** How much longer a finished image may wait unseen for one query less: what decides between fewer queries and less waiting. */
export const CHECK_COST_MS = 150;

/** With fewer observations than this, what is published is all that is known. */
const KNOWN_FROM = 5;
/** While nothing is known, neither the queries nor the wait may be more than this interval would give. */
const UNKNOWN_INTERVAL_MS = 5000;
/** A task of which fewer than this share are left is late, and nobody says when it will be ready. */
const LATE_SHARE = 0.04;

/** A task under way: its age, and how long it takes in all by its latest telling progress report. */
export interface Underway {
  readonly ageMs: number;
  readonly foretoldMs: number | null;
}

/** When to ask about a kind's tasks, and how long they take. Ages are in milliseconds. */
export interface Plan {
  /** The age at which to ask next, if one query stands for so many checks that are due. */
  nextCheckAt(task: Underway, checksAQuery?: number): number;
  /** The age by which half of such tasks are ready, or another share; null for a late one, or where nothing is known. */
  readyAt(task: Underway, share?: number): number | null;
}

/** Makes the plan for a kind's next task from what its earlier ones took, oldest first, and what is published. */
export function planFor(
  observations: readonly Observation[],
  prior: Prior | null,
  limits: CheckLimits,
): Plan {
  const isKnown = observations.length >= KNOWN_FROM;
  const firstBy = isKnown ? 0 : withinLimits(UNKNOWN_INTERVAL_MS, limits);
  if (!isKnown && !prior) {
    return {
      nextCheckAt: ({ ageMs }, checksAQuery = 1) => ageMs + withinLimits(firstBy * checksAQuery, limits),
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
  const knowing = (foretoldMs: number | null) =>
    trust && foretoldMs ? given(usual, foretoldMs, trust) : usual;

  return {
    nextCheckAt({ ageMs, foretoldMs }, checksAQuery = 1) {
      const distribution = knowing(foretoldMs);
      const checks = distribution === usual ? usualChecks : checksOf(distribution, costMs, limits);
      const next = nextCheckAt(checks, ageMs, limits, checksAQuery);
      const firstLook = withinLimits(firstBy * checksAQuery, limits);
      return ageMs < firstBy ? Math.min(next, Math.max(firstLook, ageMs + limits.pollMinMs)) : next;
    },
    readyAt({ ageMs, foretoldMs }, share = 0.5) {
      const distribution = knowing(foretoldMs);
      return valueAt(distribution.over, ageMs) > 1 - LATE_SHARE ? null : quantile(distribution, share, ageMs);
    },
  };
}

/**
 * At the optimum the wait is the cost times the queries. This cost makes both the same share of what the fixed interval
 * would give, its first look aside, so that neither exceeds it where what is published is roughly right.
 */
function cautiousCostMs({ medianMs }: Prior): number {
  const queries = Math.max(medianMs / UNKNOWN_INTERVAL_MS - 0.25, 0.5);
  return UNKNOWN_INTERVAL_MS / 2 / queries;
}

function withinLimits(ms: number, { pollMinMs, pollMaxMs }: CheckLimits): number {
  return Math.min(Math.max(ms, pollMinMs), pollMaxMs);
}
