import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import type { Task } from '../../../src/services/ledger/rows.ts';
import { transitions } from '../../../src/services/ledger/transitions.ts';
import type { TurnLedger } from '../../../src/services/ledger/turns.ts';
import type { Hold, Place } from '../../../src/services/scheduler/fair-order.ts';
import { createScheduler } from '../../../src/services/scheduler/scheduler.ts';
import { UNLIMITED } from '../../support/unlimited.ts';
import { createLedgerFile, type LedgerFile } from '../ledger/ledger-file.ts';

const opened: LedgerFile[] = [];
afterEach(() => {
  for (const file of opened.splice(0)) file.remove();
});

test('as many begin as may run, and the next one when one of them is over', async () => {
  const line = standInLine();
  for (const id of ['1', '2', '3', '4']) await line.wait(id, { person: 2 });
  await line.settled();
  expect(line.begun).toEqual(['1', '2']);
  expect(await line.placeOf('4')).toEqual({ number: 2, among: 'own' });
  await line.end('1');
  await line.settled();
  expect(line.begun).toEqual(['1', '2', '3']);
  expect(await line.placeOf('3')).toBeNull();
  expect(await line.placeOf('4')).toEqual({ number: 1, among: 'own' });
});

test('each image that is over makes room at the service, the last one at the person’s limit, too', async () => {
  const line = standInLine(4);
  await line.wait('1', { person: 1, tasks: 4 });
  await line.wait('2', { person: 1, tasks: 1 });
  await line.wait('3', { user: 'bob', tasks: 1 });
  await line.settled();
  expect(line.begun).toEqual(['1']);
  await line.end('1', 1);
  await line.settled();
  expect(line.begun).toEqual(['1', '3']);
  await line.end('1');
  await line.settled();
  expect(line.begun).toEqual(['1', '3', '2']);
});

test('whoever’s turn is over stands behind those who have waited meanwhile', async () => {
  const line = standInLine(1);
  await line.wait('1');
  await line.wait('2');
  await line.settled();
  await line.wait('3', { user: 'bob' });
  await line.settled();
  expect(await line.placeOf('3')).toEqual({ number: 1, among: 'all' });
  await line.end('1');
  await line.settled();
  expect(line.begun).toEqual(['1', '3']);
  await line.end('3');
  await line.settled();
  expect(line.begun).toEqual(['1', '3', '2']);
});

test('what began in an earlier process counts, even beyond the limits', async () => {
  const line = standInLine(2);
  for (const id of ['1', '2', '3']) await line.goOn(id, { user: `user ${id}` });
  await line.wait('4', { user: 'bob' });
  await line.settled();
  await line.end('1');
  await line.settled();
  expect(line.begun).toEqual([]);
  await line.end('2');
  await line.settled();
  expect(line.begun).toEqual(['4']);
});

test('whoever gives up leaves the line at once, and the others move up', async () => {
  const line = standInLine();
  await line.goOn('1');
  const second = await line.wait('2', { person: 1 });
  await line.wait('3', { person: 1 });
  await line.settled();
  second.giveUp();
  await expect(second.turn).rejects.toThrow(/aborted/);
  await line.settled();
  expect(await line.placeOf('2')).toBeNull();
  expect(await line.placeOf('3')).toEqual({ number: 1, among: 'own' });
  await line.end('1');
  await line.settled();
  expect(line.begun).toEqual(['3']);
});

test('whoever gave up before waits for nothing', async () => {
  const line = standInLine();
  await expect(async () => (await line.wait('1', {}, AbortSignal.abort())).turn).rejects.toThrow(/aborted/);
  expect(await line.placeOf('1')).toBeNull();
});

test('those who wait learn their place at once, and those who begin learn none', async () => {
  const line = standInLine();
  const places: Place[] = [];
  await line.goOn('1');
  await line.wait('2', { person: 1, moved: (place) => places.push(place) });
  await line.wait('3', { user: 'bob', person: 1, moved: (place) => places.push(place) });
  await line.settled();
  expect(places).toEqual([{ number: 1, among: 'own' }]);
});

test('while the circuit breaker is shut nobody begins, and everybody has a place that says why', async () => {
  const line = standInLine();
  await line.goOn('1');
  await line.wait('2', { person: 1 });
  await line.wait('3', { person: 1 });
  await line.settled();
  line.breaker.shut('no-credit');
  await line.end('1');
  await line.settled();
  await line.wait('4', { user: 'bob', since: 200 });
  await line.settled();
  expect(line.begun).toEqual([]);
  expect(await line.placeOf('2')).toEqual({ number: 1, among: 'all', held: 'no-credit' });
  expect(await line.placeOf('3')).toEqual({ number: 2, among: 'own', held: 'no-credit' });
  expect(await line.placeOf('4')).toEqual({ number: 2, among: 'all', held: 'no-credit' });
});

test('once the circuit breaker opens the line goes on by itself, in its order', async () => {
  const line = standInLine(2);
  line.breaker.shut('no-credit');
  for (const id of ['1', '2']) await line.wait(id);
  await line.wait('3', { user: 'bob' });
  await line.settled();
  expect(line.begun).toEqual([]);
  line.breaker.open();
  await line.settled();
  expect(line.begun).toEqual(['1', '3']);
  expect(await line.placeOf('2')).toEqual({ number: 1, among: 'all' });
});

test('one alone tries whether it is over, and it is one that could begin', async () => {
  const line = standInLine();
  await line.goOn('1');
  line.breaker.shut('key-refused');
  await line.wait('2', { person: 1 });
  await line.wait('3', { user: 'bob' });
  await line.wait('4', { user: 'cem' });
  await line.settled();
  line.breaker.letTry();
  await line.settled();
  expect(line.begun).toEqual(['3']);
  expect(line.tries).toEqual(['3']);
  expect(await line.placeOf('4')).toEqual({ number: 1, among: 'all', held: 'key-refused' });
});

test('a try that waits again stands where it stood, and counts no longer', async () => {
  const line = standInLine(1);
  line.breaker.shut('no-credit');
  await line.wait('1');
  await line.wait('2', { user: 'bob' });
  await line.settled();
  line.breaker.letTry();
  await line.settled();
  expect(line.begun).toEqual(['1']);
  await line.putBack('1');
  await line.wait('1');
  await line.settled();
  expect(await line.placeOf('1')).toEqual({ number: 1, among: 'all', held: 'no-credit' });
  line.breaker.open();
  await line.settled();
  expect(line.begun).toEqual(['1', '1']);
  await line.end('1');
  await line.settled();
  expect(line.begun).toEqual(['1', '1', '2']);
});

test('whoever is held gives up at once', async () => {
  const line = standInLine();
  line.breaker.shut('no-credit');
  const first = await line.wait('1');
  await line.wait('2');
  await line.settled();
  first.giveUp();
  await expect(first.turn).rejects.toThrow(/aborted/);
  await line.settled();
  expect(await line.placeOf('2')).toEqual({ number: 1, among: 'all', held: 'no-credit' });
});

test('whatever the circuit breaker does, each begins once, in the order of a line without one', async () => {
  const moment = fc.oneof(
    { weight: 3, arbitrary: fc.constant('comes' as const) },
    fc.constantFrom('shut' as const, 'open' as const, 'letTry' as const, 'ends' as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { maxLength: 40 }), async (moments) => {
      const line = standInLine(2);
      let came = 0;
      let ended = 0;
      const end = async () => {
        if (ended < line.begun.length) await line.end(line.begun[ended++] ?? '');
      };
      for (const what of [...moments, 'open' as const]) {
        const begunBefore = line.begun.length;
        const wasShut = line.breaker.hold() !== null;
        if (what === 'comes') await line.wait(String(++came).padStart(3, '0'), { user: `user ${came}` });
        else if (what === 'ends') await end();
        else line.breaker[what]('no-credit');
        await line.settled();
        const begun = line.begun.length - begunBefore;
        if (wasShut && what !== 'open') expect(begun).toBeLessThanOrEqual(line.breaker.triesTaken());
      }
      while (ended < line.begun.length) {
        await end();
        await line.settled();
      }
      expect(line.begun).toEqual(
        Array.from({ length: came }, (_, index) => String(index + 1).padStart(3, '0')),
      );
    }),
  );
});

test('what the service goes on with makes room when that is over, though nobody waits for it', async () => {
  const line = standInLine(2);
  await line.goOn('1');
  await line.goOn('2');
  await line.wait('3', { user: 'bob' });
  await line.wait('4', { user: 'cem' });
  await line.end('2');
  await line.cancel('1', line.file.now + 50);
  await line.settled();
  expect(line.begun).toEqual(['3']);
  line.file.now += 50;
  await vi.waitFor(() => expect(line.begun).toEqual(['3', '4']), 10_000);
});

test('a clock that is set back by weeks neither hurries the line nor stops it', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  const line = standInLine(1);
  await line.goOn('1');
  await line.wait('2', { user: 'bob' });
  await line.cancel('1', line.file.now + WEEKS_MS);
  await line.settled();
  process.off('warning', onWarning);
  // Node.js fires at once what is to wait for longer than 24.8 days, and says so.
  expect(warnings).toEqual([]);
  expect(line.begun).toEqual([]);
});

test('while the disk cannot be written the line goes on, and is in order again afterwards', async () => {
  const line = standInLine(1);
  await line.goOn('1');
  await line.wait('2', { user: 'bob' });
  line.fail('decide');
  await line.end('1');
  await vi.waitFor(() => expect(line.begun).toEqual(['2']), 10_000);
});

/** After all of those have come whose names are short. */
const LATER = 100;

const WEEKS_MS = 40 * 24 * 60 * 60_000;

interface Asking {
  user?: string;
  person?: number | null;
  tasks?: number;
  since?: number;
  moved?: (place: Place) => unknown;
}

/** A line of requests in a real ledger, each under a short name. */
function standInLine(tasksMax: number | null = null) {
  const file = createLedgerFile();
  opened.push(file);
  const breaker = movableBreaker();
  const ids = new Map<string, string>();
  const waiting = new Set<string>();
  const begun: string[] = [];
  const tries: string[] = [];
  const overs: Promise<void>[] = [];
  let reads = 0;
  let failing: keyof TurnLedger | null = null;
  const turns: TurnLedger = {
    ...file.ledger.turns,
    decide(choose) {
      return file.ledger.turns.decide((line) => {
        reads += 1;
        const starting = choose(line);
        if (failing === 'decide' && starting.length > 0) throw new Error('disk full');
        return starting;
      });
    },
    over(userId) {
      const written = file.ledger.turns.over(userId);
      overs.push(written);
      return written;
    },
  };
  const scheduler = createScheduler({
    ledger: { turns, wakeUps: file.ledger.wakeUps },
    tasksMax,
    breaker,
    now: () => file.now,
    // Nothing here takes any time: no rest after it.
    elapsed: () => 0,
    log: pino({ level: 'silent' }),
  });
  const idOf = (name: string) => ids.get(name) ?? '';
  const find = async (name: string) => {
    const stored = await file.ledger.generations.find(idOf(name));
    if (!stored) throw new Error(`${name} is in the ledger`);
    return stored;
  };

  async function reserve(
    name: string,
    { user = 'ann', person = null, tasks = 1, since = Number(name) }: Asking = {},
  ): Promise<void> {
    file.now = since;
    const limits = { ...UNLIMITED, person: { ...UNLIMITED.person, running: person } };
    ids.set(name, await file.reserve({ userId: user, request: { count: tasks }, limits, references: [] }));
  }

  async function change(name: string, count: number, to: (task: Task) => Task): Promise<void> {
    const { tasks, generation } = await find(name);
    const open = tasks.filter(({ state }) => state === 'reserved');
    for (const task of open.slice(0, count)) await file.ledger.tasks.save(task.state, to(task));
    scheduler.madeRoom(generation.userId, count >= open.length);
  }

  return {
    file,
    breaker,
    begun,
    tries,
    placeOf: async (name: string) => (await scheduler.placesOf([idOf(name)])).get(idOf(name)) ?? null,
    fail(what: keyof TurnLedger) {
      failing = what;
    },
    async goOn(name: string, asking: Asking = {}) {
      await reserve(name, asking);
      await file.ledger.turns.decide(() => [idOf(name)]);
    },
    /** So many of its images are over, or all of them. */
    async end(name: string, count = Number.POSITIVE_INFINITY) {
      file.now = Math.max(file.now, LATER);
      await change(name, count, transitions.refuse({ reason: 'parameters' }, file.now).to);
    },
    /** Nobody waits for it any more, and the service goes on with it until then. */
    async cancel(name: string, busyUntil: number) {
      await change(name, Number.POSITIVE_INFINITY, (task) => {
        const running = transitions.run('service-task', file.now).to(transitions.submit(file.now).to(task));
        return transitions.cancel(file.now, busyUntil).to(running);
      });
    },
    putBack: (name: string) => file.ledger.turns.putBack(idOf(name)),
    async wait(name: string, { moved = () => undefined, ...asking }: Asking = {}, signal?: AbortSignal) {
      if (!ids.has(name)) await reserve(name, asking);
      const leaving = new AbortController();
      const { generation } = await find(name);
      const turn = scheduler.wait(generation, {
        resumed: false,
        slowFrom: Number.POSITIVE_INFINITY,
        moved: (place) => void moved(place),
        signal: signal ?? leaving.signal,
      });
      waiting.add(name);
      turn
        .then(
          (how) => {
            begun.push(name);
            if (how === 'probe') tries.push(name);
          },
          () => undefined,
        )
        .finally(() => waiting.delete(name));
      return { turn, giveUp: () => leaving.abort() };
    },
    /** Resolves once the line has been arranged since: twice, for the second time begins after all of the first. */
    async settled() {
      await Promise.all(overs);
      for (const _ of ['first', 'second']) {
        const from = reads;
        breaker.changed();
        while (waiting.size > 0 && reads === from) await setImmediate();
      }
      for (const _ of ['the promises', 'that have resolved']) await setImmediate();
    },
  };
}

/** A circuit breaker that the test opens and shuts, and that lets one through. */
function movableBreaker() {
  let hold: Hold | null = null;
  let mayTry = false;
  let taken = 0;
  let changed: () => void = () => undefined;
  const become = (next: Hold | null, tries = false) => {
    hold = next;
    mayTry = tries;
    changed();
  };
  return {
    hold: () => hold,
    mayBegin() {
      if (hold === null) return true;
      const may = mayTry;
      if (may) taken += 1;
      mayTry = false;
      return may;
    },
    onChange(listener: () => void) {
      changed = listener;
    },
    changed: () => changed(),
    shut: (why: Hold) => become(why),
    open: (_?: Hold) => become(null),
    letTry: (_?: Hold) => become(hold, hold !== null),
    /** Since this was last asked. */
    triesTaken() {
      const all = taken;
      taken = 0;
      return all;
    },
  };
}
