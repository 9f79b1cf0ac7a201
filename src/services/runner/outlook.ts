import { isWaiting } from '../ledger/steps.ts';
import type { Scope } from '../request/limits.ts';
import type { Job } from './job.ts';

interface Whose {
  readonly scope: Scope;
  readonly userId: string;
  readonly guildId: string | null;
}

/**
 * When the next of those jobs that a limit counts is expected to make room; null where nobody can say. Where all of
 * them wait, they wait for others: those of the server, or anybody's.
 */
export function nextEndAt(jobs: readonly Job[], whose: Whose, now: number): number | null {
  const running = jobs.filter(isRunning);
  const counted = running.filter((job) => isCounted(job, whose));
  const here = running.filter(({ generation }) => whose.guildId && generation.guildId === whose.guildId);
  const inTheWay = [counted, here].find((those) => those.length > 0) ?? running;
  const next = Math.min(...inTheWay.flatMap((job) => endOf(job) ?? []).filter((end) => end > now));
  return Number.isFinite(next) ? next : null;
}

function isRunning({ generation, tasks }: Job): boolean {
  return generation.startedAt !== null && tasks.some(({ row }) => isWaiting(row));
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
