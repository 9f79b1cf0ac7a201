import type { RunningLimits } from '../request/limits.ts';

type Owner = Pick<Turn, 'userId' | 'guildId'>;

/** A request as the scheduler sees it. Ids ascend in the order in which requests arrived. */
export interface Turn {
  readonly id: string;
  readonly userId: string;
  readonly guildId: string | null;
  readonly limits: RunningLimits;
  /** How many of its images the service has to make. */
  readonly tasks: number;
}

/** A waiting request. `since` is when it arrived, or when the person's last turn ended. */
export interface WaitingTurn extends Turn {
  readonly since: number;
}

/** Why the whole line is held, whatever the limits say. */
export type Hold = 'key-refused' | 'no-credit';

/** A request's place in line, counted among the requests that the same limit holds back. */
export interface Place {
  readonly number: number;
  readonly among: 'own' | 'server' | 'all';
  /** Absent while the line moves. */
  readonly held?: Hold;
}

/** Counts of what runs. */
export interface Tally {
  requestsOf(key: string): number;
  readonly tasks: number;
}

export interface Arranged {
  /** The requests that start now, in this order. */
  readonly starting: readonly Turn[];
  /** The places of all the others, by id. */
  readonly places: ReadonlyMap<string, Place>;
}

/**
 * Decides which requests start now, and the places of the others. `tasksMax` is how many tasks the service may have at
 * once. When `startsMax` keeps requests from starting, the others' places are as if those had started. Pure.
 */
export function arrange(
  waiting: readonly WaitingTurn[],
  running: Tally,
  tasksMax: number | null,
  startsMax = Number.POSITIVE_INFINITY,
): Arranged {
  const starting: Turn[] = [];
  const blocked: { turn: Turn; among: Place['among'] }[] = [];
  const started = new Map<string, number>();
  let tasks = running.tasks;
  let isFull = false;
  for (const turn of lineUp(waiting, running)) {
    const count = (key: string) => running.requestsOf(key) + (started.get(key) ?? 0);
    const among = blockedBy(turn, count);
    // Nothing may overtake a request that needs more capacity than is left, or it would wait forever. A request that
    // needs more than `tasksMax`, because the limit was lowered meanwhile, runs alone.
    isFull ||= among === null && tasksMax !== null && tasks > 0 && tasks + turn.tasks > tasksMax;
    if (among !== null || isFull) {
      blocked.push({ turn, among: among ?? 'all' });
      continue;
    }
    if (starting.length < startsMax) starting.push(turn);
    else blocked.push({ turn, among: 'all' });
    tasks += turn.tasks;
    for (const key of keysOf(turn)) started.set(key, (started.get(key) ?? 0) + 1);
  }
  return { starting, places: placesOf(blocked, isFull) };
}

/**
 * Sorts the waiting requests by turn. First comes the person with the fewest requests running or ahead in line, so
 * that nobody's second request stands before another's first; among equals, the one who has waited longest since their
 * last turn.
 */
export function lineUp(waiting: readonly WaitingTurn[], running: Tally): WaitingTurn[] {
  const byArrival = waiting.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const ahead = counter((userId) => running.requestsOf(personKey(userId)));
  return byArrival
    .map((turn) => ({ turn, round: ahead.next(turn.userId) }))
    .sort((one, other) => one.round - other.round || one.turn.since - other.turn.since)
    .map(({ turn }) => turn);
}

/** The keys of the limits that a running request counts towards. */
export function keysOf(turn: Owner): string[] {
  return [personKey(turn.userId), memberKey(turn), serverKey(turn)];
}

function personKey(userId: string): string {
  return `person ${userId}`;
}

function memberKey({ userId, guildId }: Owner): string {
  return `member ${userId} ${guildId}`;
}

function serverKey({ guildId }: Owner): string {
  return `server ${guildId}`;
}

function blockedBy(turn: Turn, count: (key: string) => number): 'own' | 'server' | null {
  const { person, member, server } = turn.limits;
  const isReached = (key: string, limit: number | null) => limit !== null && count(key) >= limit;
  if (isReached(personKey(turn.userId), person) || isReached(memberKey(turn), member)) return 'own';
  return isReached(serverKey(turn), server) ? 'server' : null;
}

/**
 * When the service is full, everybody stands in one line. Otherwise each request stands in the line of the limit that
 * blocks it, and those that no limit blocks in a line of their own.
 */
function placesOf(blocked: readonly { turn: Turn; among: Place['among'] }[], isFull: boolean) {
  const numbers = counter(() => 1);
  const places = new Map<string, Place>();
  for (const { turn, among } of blocked) {
    const own = numbers.next(memberKey(turn));
    const inServer = numbers.next(serverKey(turn));
    const inAll = isFull || among === 'all' ? numbers.next('all') : 0;
    if (isFull) places.set(turn.id, { number: inAll, among: 'all' });
    else places.set(turn.id, { number: { own, server: inServer, all: inAll }[among], among });
  }
  return places;
}

/** Counts up separately for each key, from the number that `start` gives. */
function counter(start: (key: string) => number) {
  const counts = new Map<string, number>();
  return {
    next(key: string): number {
      const count = counts.get(key) ?? start(key);
      counts.set(key, count + 1);
      return count;
    },
  };
}
