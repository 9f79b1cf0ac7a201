import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Hold, Place, Waiting } from '../../../src/services/scheduler/fair-order.ts';
import { createScheduler } from '../../../src/services/scheduler/scheduler.ts';

test('as many begin as may run, and the next one when one of them is over', async () => {
  const line = standInLine();
  for (const id of ['1', '2', '3', '4']) line.wait(id, { person: 2 });
  await settled();
  expect(line.begun).toEqual(['1', '2']);
  expect(line.scheduler.placeOf('4')).toEqual({ number: 2, among: 'own' });
  line.scheduler.left('1', 0);
  await settled();
  expect(line.begun).toEqual(['1', '2', '3']);
  expect(line.scheduler.placeOf('3')).toBeNull();
  expect(line.scheduler.placeOf('4')).toEqual({ number: 1, among: 'own' });
});

test('each image that is over makes room at the service, the last one at the person’s limit, too', async () => {
  const line = standInLine(4);
  line.wait('1', { person: 1, tasks: 4 });
  line.wait('2', { person: 1, tasks: 1 });
  line.wait('3', { user: 'bob', tasks: 1 });
  await settled();
  expect(line.begun).toEqual(['1']);
  line.scheduler.left('1', 3);
  await settled();
  expect(line.begun).toEqual(['1', '3']);
  line.scheduler.left('1', 0);
  await settled();
  expect(line.begun).toEqual(['1', '3', '2']);
});

test('whoever’s turn is over stands behind those who have waited meanwhile', async () => {
  const line = standInLine(1);
  line.wait('1');
  line.wait('2');
  await settled();
  line.wait('3', { user: 'bob' });
  await settled();
  expect(line.scheduler.placeOf('3')).toEqual({ number: 1, among: 'all' });
  line.scheduler.left('1', 0);
  await settled();
  expect(line.begun).toEqual(['1', '3']);
  line.scheduler.left('3', 0);
  await settled();
  expect(line.begun).toEqual(['1', '3', '2']);
});

test('what began in an earlier process counts, even beyond the limits', async () => {
  const line = standInLine(2);
  for (const id of ['1', '2', '3']) line.scheduler.goOn(line.turn(id, { user: `user ${id}` }));
  line.wait('4', { user: 'bob' });
  await settled();
  line.scheduler.left('1', 0);
  await settled();
  expect(line.begun).toEqual([]);
  line.scheduler.left('2', 0);
  await settled();
  expect(line.begun).toEqual(['4']);
});

test('what is counted twice, since it is served once more, counts once', async () => {
  const line = standInLine(2);
  line.scheduler.goOn(line.turn('1'));
  line.scheduler.goOn(line.turn('1'));
  line.wait('2');
  await settled();
  expect(line.begun).toEqual(['2']);
});

test('whoever gives up leaves the line at once, and the others move up', async () => {
  const line = standInLine();
  line.scheduler.goOn(line.turn('1'));
  const second = line.wait('2', { person: 1 });
  line.wait('3', { person: 1 });
  await settled();
  second.giveUp();
  await expect(second.turn).rejects.toThrow(/aborted/);
  await settled();
  expect(line.scheduler.placeOf('2')).toBeNull();
  expect(line.scheduler.placeOf('3')).toEqual({ number: 1, among: 'own' });
  line.scheduler.left('1', 0);
  await settled();
  expect(line.begun).toEqual(['3']);
});

test('whoever gave up before waits for nothing', async () => {
  const line = standInLine();
  const signal = AbortSignal.abort();
  await expect(async () => line.scheduler.wait(line.turn('1'), { ...news, signal })).rejects.toThrow(
    /aborted/,
  );
  expect(line.scheduler.placeOf('1')).toBeNull();
});

test('those who wait learn their place at once, and those who begin learn none', async () => {
  const line = standInLine();
  const places: Place[] = [];
  line.scheduler.goOn(line.turn('1'));
  line.wait('2', { person: 1, moved: (place) => places.push(place) });
  line.wait('3', { user: 'bob', person: 1, moved: (place) => places.push(place) });
  await settled();
  expect(places).toEqual([{ number: 1, among: 'own' }]);
});

test('while the circuit breaker is shut nobody begins, and everybody has a place that says why', async () => {
  const line = standInLine();
  line.scheduler.goOn(line.turn('1'));
  line.wait('2', { person: 1 });
  line.wait('3', { person: 1 });
  await settled();
  line.breaker.shut('no-credit');
  line.scheduler.left('1', 0);
  await settled();
  line.wait('4', { user: 'bob', since: 200 });
  await settled();
  expect(line.begun).toEqual([]);
  expect(line.scheduler.placeOf('2')).toEqual({ number: 1, among: 'all', held: 'no-credit' });
  expect(line.scheduler.placeOf('3')).toEqual({ number: 2, among: 'own', held: 'no-credit' });
  expect(line.scheduler.placeOf('4')).toEqual({ number: 2, among: 'all', held: 'no-credit' });
});

test('once the circuit breaker opens the line goes on by itself, in its order', async () => {
  const line = standInLine(2);
  line.breaker.shut('no-credit');
  for (const id of ['1', '2']) line.wait(id);
  line.wait('3', { user: 'bob' });
  await settled();
  expect(line.begun).toEqual([]);
  line.breaker.open();
  await settled();
  expect(line.begun).toEqual(['1', '3']);
  expect(line.scheduler.placeOf('2')).toEqual({ number: 1, among: 'all' });
});

test('one alone tries whether it is over, and it is one that could begin', async () => {
  const line = standInLine();
  line.scheduler.goOn(line.turn('1'));
  line.breaker.shut('key-refused');
  line.wait('2', { person: 1 });
  line.wait('3', { user: 'bob' });
  line.wait('4', { user: 'cem' });
  await settled();
  line.breaker.letTry();
  await settled();
  expect(line.begun).toEqual(['3']);
  expect(line.tries).toEqual(['3']);
  expect(line.scheduler.placeOf('4')).toEqual({ number: 1, among: 'all', held: 'key-refused' });
});

test('a try that waits again stands where it stood, and counts no longer', async () => {
  const line = standInLine(1);
  line.breaker.shut('no-credit');
  line.wait('1');
  line.wait('2', { user: 'bob' });
  await settled();
  line.breaker.letTry();
  await settled();
  expect(line.begun).toEqual(['1']);
  line.wait('1');
  await settled();
  expect(line.scheduler.placeOf('1')).toEqual({ number: 1, among: 'all', held: 'no-credit' });
  line.breaker.open();
  await settled();
  expect(line.begun).toEqual(['1', '1']);
  line.scheduler.left('1', 0);
  await settled();
  expect(line.begun).toEqual(['1', '1', '2']);
});

test('whoever is held gives up at once', async () => {
  const line = standInLine();
  line.breaker.shut('no-credit');
  const first = line.wait('1');
  line.wait('2');
  await settled();
  first.giveUp();
  await expect(first.turn).rejects.toThrow(/aborted/);
  await settled();
  expect(line.scheduler.placeOf('2')).toEqual({ number: 1, among: 'all', held: 'no-credit' });
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
      const end = () => ended < line.begun.length && line.scheduler.left(line.begun[ended++] ?? '', 0);
      for (const what of [...moments, 'open' as const]) {
        const begunBefore = line.begun.length;
        const wasShut = line.breaker.hold() !== null;
        if (what === 'comes') line.wait(String(++came).padStart(3, '0'), { user: `user ${came}` });
        else if (what === 'ends') end();
        else line.breaker[what]('no-credit');
        await settled();
        const begun = line.begun.length - begunBefore;
        if (wasShut && what !== 'open') expect(begun).toBeLessThanOrEqual(line.breaker.triesTaken());
      }
      while (ended < line.begun.length) {
        end();
        await settled();
      }
      expect(line.begun).toEqual(
        Array.from({ length: came }, (_, index) => String(index + 1).padStart(3, '0')),
      );
    }),
  );
});

test('what the service goes on with makes room when that is over, and anything else at once', async () => {
  const line = standInLine(2);
  line.scheduler.goOn(line.turn('1'));
  line.scheduler.goOn(line.turn('2'));
  line.wait('3', { user: 'bob' });
  line.wait('4', { user: 'cem' });
  line.scheduler.leave('1', NOW + 20);
  line.scheduler.leave('2', 0);
  await settled();
  expect(line.begun).toEqual(['3']);
  await vi.waitFor(() => expect(line.begun).toEqual(['3', '4']));
});

test('what is served again keeps its place', async () => {
  const line = standInLine(1);
  line.scheduler.goOn(line.turn('1'));
  line.scheduler.leave('1', NOW + 10);
  line.scheduler.goOn(line.turn('1'));
  line.wait('2', { user: 'bob' });
  line.scheduler.leave('3', NOW + 30);
  await delay(40);
  expect(line.begun).toEqual([]);
});

const NOW = 100;
const news = { resumed: false, dearFrom: Number.POSITIVE_INFINITY, moved: (_: Place) => undefined };

interface Asking {
  user?: string;
  person?: number | null;
  tasks?: number;
  since?: number;
  moved?: (place: Place) => unknown;
}

function standInLine(tasksMax: number | null = null) {
  const breaker = movableBreaker();
  const scheduler = createScheduler({ tasksMax, breaker, now: () => NOW, elapsed: () => NOW });
  const begun: string[] = [];
  const tries: string[] = [];
  const turn = (
    id: string,
    { user = 'ann', person = null, tasks = 1, since = Number(id) }: Asking = {},
  ): Waiting => ({
    id,
    userId: user,
    guildId: null,
    limits: { person, member: null, server: null },
    tasks,
    since,
  });
  return {
    scheduler,
    breaker,
    begun,
    tries,
    turn,
    wait(id: string, asking: Asking = {}) {
      const leaving = new AbortController();
      const { moved = news.moved } = asking;
      const waiting = scheduler.wait(turn(id, asking), {
        ...news,
        moved: (place) => void moved(place),
        signal: leaving.signal,
      });
      waiting.then(
        (how) => {
          begun.push(id);
          if (how === 'try') tries.push(id);
        },
        () => undefined,
      );
      return { turn: waiting, giveUp: () => leaving.abort() };
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

/** The queue decides once for all that happens at the same time. */
async function settled(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
