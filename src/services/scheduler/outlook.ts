import type { Scope } from '../request/limits.ts';

/** A generation that has begun. */
export interface Running {
  readonly userId: string;
  readonly guildId: string | null;
  /** When it is expected to end, in milliseconds since the epoch; null when unknown. */
  readonly endsAt: number | null;
}

/** The limit that is reached, and the request that it blocks. */
interface ReachedLimit {
  readonly scope: Scope;
  readonly userId: string;
  readonly guildId: string | null;
}

/**
 * When the next of the generations that a limit counts is expected to end, in milliseconds since the epoch; null when
 * unknown. If none of them runs yet, they wait for others to end: the server's, or anybody's.
 */
export function nextEndAt(running: readonly Running[], limit: ReachedLimit, now: number): number | null {
  const counted = running.filter((generation) => isCounted(generation, limit));
  const inServer = running.filter(({ guildId }) => limit.guildId && guildId === limit.guildId);
  const awaited = [counted, inServer].find((group) => group.length > 0) ?? running;
  const next = Math.min(...awaited.flatMap(({ endsAt }) => endsAt ?? []).filter((end) => end > now));
  return Number.isFinite(next) ? next : null;
}

function isCounted(generation: Running, { scope, userId, guildId }: ReachedLimit): boolean {
  const isOwn = generation.userId === userId;
  const isHere = generation.guildId === guildId;
  return { person: isOwn, member: isOwn && isHere, server: isHere }[scope];
}
