import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { transitions } from '../../../src/services/ledger/transitions.ts';
import { createScheduler, type Scheduler } from '../../../src/services/scheduler/scheduler.ts';
import { openForTwo, type SharedLedger, type TwoProcesses } from '../ledger/two-processes.ts';

let two: TwoProcesses;
let now: number;
/** The two processes, each with its own view of the ledger. */
let here: Process;
let there: Process;
/** The requests that have begun, in this order. */
let begun: string[];
beforeEach(async () => {
  now = 1000;
  begun = [];
  two = await openForTwo(() => now);
  here = process(two.here);
  there = process(two.there);
});
afterEach(() => two.close());

test('as many begin as the service may have at once, whichever process serves them', async () => {
  const ids = [await waitIn(here, 'ann'), await waitIn(there, 'bob'), await waitIn(here, 'cem')];
  await until(1);
  expect(begun).toEqual(ids.slice(0, 1));
  await end(here, ids[0] ?? '', 'ann');
  await until(2);
  await end(there, ids[1] ?? '', 'bob');
  await until(3);
  expect(begun).toEqual(ids);
});

test('any process tells the place of what waits in another', async () => {
  await waitIn(here, 'ann');
  await until(1);
  const [second, third] = [await waitIn(there, 'bob'), await waitIn(here, 'cem')];
  const seen = await vi.waitFor(async () => {
    const places = await here.scheduler.placesOf([second]);
    expect(places.get(second)).toEqual({ number: 1, among: 'all' });
    return places;
  });
  expect(seen.get(third)).toEqual({ number: 2, among: 'all' });
});

test('what nobody serves any more lets others pass', async () => {
  const first = await waitIn(here, 'ann');
  await until(1);
  const second = await two.reserve(two.there, { userId: 'bob', references: [] });
  await two.there.generations.acknowledge(second);
  const third = await waitIn(here, 'cem');
  await two.there.leases.release([second]);
  await end(here, first, 'ann');
  await until(2);
  expect(begun).toEqual([first, third]);
});

interface Process {
  readonly ledger: SharedLedger;
  readonly scheduler: Scheduler;
}

/** One image at a time, for everybody together. */
function process(ledger: SharedLedger): Process {
  const breaker = { mayBegin: () => true, hold: () => null, onChange: () => undefined };
  const log = pino({ level: 'silent' });
  const clocks = { now: () => now, elapsed: () => 0 };
  return { ledger, scheduler: createScheduler({ ledger, tasksMax: 1, breaker, log, ...clocks }) };
}

async function waitIn({ ledger, scheduler }: Process, userId: string): Promise<string> {
  now += 1;
  const id = await two.reserve(ledger, { userId, references: [] });
  await ledger.generations.acknowledge(id);
  const { signal } = new AbortController();
  const listener = { resumed: false, slowFrom: Number.POSITIVE_INFINITY, moved: () => undefined, signal };
  void scheduler.wait({ id, userId }, listener).then(() => begun.push(id));
  return id;
}

async function end({ ledger, scheduler }: Process, id: string, userId: string): Promise<void> {
  const [task] = (await ledger.generations.find(id))?.tasks ?? [];
  if (!task) throw new Error('the generation has a task');
  await ledger.tasks.save('reserved', transitions.refuse({ reason: 'parameters' }, now).to(task));
  scheduler.madeRoom(userId, true);
}

async function until(count: number): Promise<void> {
  await vi.waitFor(() => expect(begun).toHaveLength(count));
}
