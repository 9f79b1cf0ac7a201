import type { RunningLimits } from '../request/limits.ts';

type Whose = Pick<Turn, 'userId' | 'guildId'>;

/** A request as the scheduler sees it. Ids ascend in the order in which requests came. */
export interface Turn {
  readonly id: string;
  readonly userId: string;
  readonly guildId: string | null;
  readonly limits: RunningLimits;
  /** Images of it that the service has to make. */
  readonly tasks: number;
}

/** One that waits, and since when: since it came, or since the person's last turn was over. */
export interface Waiting extends Turn {
  readonly since: number;
}

/** Why nobody begins, whatever the limits say. */
export type Hold = 'key-refused' | 'no-credit';

/** Where a request stands, and among whom: those that the limit in its way is about. */
export interface Place {
  readonly number: number;
  readonly among: 'own' | 'server' | 'all';
  /** Absent where the line moves. */
  readonly held?: Hold;
}

/** What runs, counted. */
export interface Tally {
  requestsOf(key: string): number;
  readonly tasks: number;
}

export interface Arranged {
  /** Those whose turn it is, in this order. */
  readonly starting: readonly Turn[];
  /** Of everybody else. */
  readonly places: ReadonlyMap<string, Place>;
}

/**
 * Decides who starts now, and where the others stand. `tasksMax` is what the service may have at once. Where no more than
 * `startsMax` may start, the others stand where they would if those before them had. Pure.
 */
export function arrange(
  waiting: readonly Waiting[],
  running: Tally,
  tasksMax: number | null,
  startsMax = Number.POSITIVE_INFINITY,
): Arranged {
  const starting: Turn[] = [];
  const held: { turn: Turn; among: Place['among'] }[] = [];
  const started = new Map<string, number>();
  let tasks = running.tasks;
  let isFull = false;
  for (const turn of lineUp(waiting, running)) {
    const count = (key: string) => running.requestsOf(key) + (started.get(key) ?? 0);
    const among = heldBy(turn, count);
    // Whoever comes next must not pass one that waits for more room than is left: it would wait for ever. One that
    // needs more than all of it, since the limit was lowered meanwhile, goes alone.
    isFull ||= among === null && tasksMax !== null && tasks > 0 && tasks + turn.tasks > tasksMax;
    if (among !== null || isFull) {
      held.push({ turn, among: among ?? 'all' });
      continue;
    }
    if (starting.length < startsMax) starting.push(turn);
    else held.push({ turn, among: 'all' });
    tasks += turn.tasks;
    for (const key of keysOf(turn)) started.set(key, (started.get(key) ?? 0) + 1);
  }
  return { starting, places: placesOf(held, isFull) };
}

/**
 * Everybody in the order of their turns. Whoever has least running and waiting ahead comes first, so that nobody's
 * second request stands before another's first; among equals, whoever has waited longest since their last turn.
 */
export function lineUp(waiting: readonly Waiting[], running: Tally): Waiting[] {
  const byArrival = waiting.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const ahead = counter((userId) => running.requestsOf(personKey(userId)));
  return byArrival
    .map((turn) => ({ turn, round: ahead.next(turn.userId) }))
    .sort((one, other) => one.round - other.round || one.turn.since - other.turn.since)
    .map(({ turn }) => turn);
}

/** What a running request counts for. */
export function keysOf(turn: Whose): string[] {
  return [personKey(turn.userId), memberKey(turn), serverKey(turn)];
}

function personKey(userId: string): string {
  return `person ${userId}`;
}

function memberKey({ userId, guildId }: Whose): string {
  return `member ${userId} ${guildId}`;
}

function serverKey({ guildId }: Whose): string {
  return `server ${guildId}`;
}

function heldBy(turn: Turn, count: (key: string) => number): 'own' | 'server' | null {
  const { person, member, server } = turn.limits;
  const isReached = (key: string, limit: number | null) => limit !== null && count(key) >= limit;
  if (isReached(personKey(turn.userId), person) || isReached(memberKey(turn), member)) return 'own';
  return isReached(serverKey(turn), server) ? 'server' : null;
}

/**
 * Where the service is full everybody stands in one line; otherwise each in that of their own limit, and those without
 * one in their way in a line of their own.
 */
function placesOf(held: readonly { turn: Turn; among: Place['among'] }[], isFull: boolean) {
  const numbers = counter(() => 1);
  const places = new Map<string, Place>();
  for (const { turn, among } of held) {
    const own = numbers.next(memberKey(turn));
    const inServer = numbers.next(serverKey(turn));
    const inAll = isFull || among === 'all' ? numbers.next('all') : 0;
    if (isFull) places.set(turn.id, { number: inAll, among: 'all' });
    else places.set(turn.id, { number: { own, server: inServer, all: inAll }[among], among });
  }
  return places;
}

/** Counts up from a beginning of its own for each key. */
function counter(beginning: (key: string) => number) {
  const counts = new Map<string, number>();
  return {
    next(key: string): number {
      const count = counts.get(key) ?? beginning(key);
      counts.set(key, count + 1);
      return count;
    },
  };
}
