import { isWaiting } from '../ledger/steps.ts';
import type { Scope } from '../limits.ts';
import type { Job } from './job.ts';

interface Whose {
  readonly scope: Scope;
  readonly userId: string;
  readonly guildId: string | null;
}

/** When the next of those jobs that a limit counts is expected to make room; null where nobody can say. */
export function nextEndAt(jobs: readonly Job[], whose: Whose, now: number): number | null {
  const ends = jobs.filter((job) => isCounted(job, whose)).flatMap((job) => endOf(job) ?? []);
  const next = Math.min(...ends.filter((end) => end > now));
  return Number.isFinite(next) ? next : null;
}

function isCounted({ generation }: Job, { scope, userId, guildId }: Whose): boolean {
  const isOwn = generation.userId === userId;
  const isHere = generation.guildId === guildId;
  return { person: isOwn, member: isOwn && isHere, server: isHere }[scope];
}

/** With its slowest image. */
function endOf({ tasks }: Job): number | null {
  const ends = tasks.filter(({ row }) => isWaiting(row)).map(({ readyAt }) => readyAt);
  const known = ends.filter((end) => end !== null);
  return known.length > 0 && known.length === ends.length ? Math.max(...known) : null;
}
