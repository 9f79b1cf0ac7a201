import type { Line, RunningRow, WaitingRow } from '../ledger/turns.ts';
import { type Hold, keysOf, type Place, type Tally } from './fair-order.ts';

/** Who stands in line: those whom this process knows to wait, and those who wait in other processes. Pure. */
export function standingIn({ waiting }: Line, known: ReadonlySet<string>): WaitingRow[] {
  return waiting.filter(({ id, isElsewhere }) => known.has(id) || isElsewhere);
}

/** What runs, counted for the fair order. */
export function tallyOf(running: readonly RunningRow[]): Tally {
  const requests = new Map<string, number>();
  for (const row of running)
    for (const key of keysOf(row)) requests.set(key, (requests.get(key) ?? 0) + row.requests);
  return {
    requestsOf: (key) => requests.get(key) ?? 0,
    tasks: running.reduce((sum, row) => sum + row.tasks, 0),
  };
}

/** The same places, with why the line is held; as they are where it isn't. */
export function heldAt(places: ReadonlyMap<string, Place>, held: Hold | null): ReadonlyMap<string, Place> {
  return held === null ? places : new Map([...places].map(([id, place]) => [id, { ...place, held }]));
}
