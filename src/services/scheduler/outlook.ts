import type { Scope } from '../request/limits.ts';

/** A generation that has begun. */
export interface Running {
  readonly userId: string;
  readonly guildId: string | null;
  /** When it is expected to make room, in milliseconds since the epoch; null where nobody can say. */
  readonly endsAt: number | null;
}

interface Whose {
  readonly scope: Scope;
  readonly userId: string;
  readonly guildId: string | null;
}

/**
 * When the next of those that a limit counts is expected to make room; null where nobody can say. Where all of them
 * wait, they wait for others: those of the server, or anybody's.
 */
export function nextEndAt(running: readonly Running[], whose: Whose, now: number): number | null {
  const counted = running.filter((one) => isCounted(one, whose));
  const here = running.filter(({ guildId }) => whose.guildId && guildId === whose.guildId);
  const inTheWay = [counted, here].find((those) => those.length > 0) ?? running;
  const next = Math.min(...inTheWay.flatMap(({ endsAt }) => endsAt ?? []).filter((end) => end > now));
  return Number.isFinite(next) ? next : null;
}

function isCounted(one: Running, { scope, userId, guildId }: Whose): boolean {
  const isOwn = one.userId === userId;
  const isHere = one.guildId === guildId;
  return { person: isOwn, member: isOwn && isHere, server: isHere }[scope];
}
