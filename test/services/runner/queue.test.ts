import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Place, Waiting } from '../../../src/services/runner/line.ts';
import { createQueue } from '../../../src/services/runner/queue.ts';

test('as many begin as may run, and the next one when one of them is over', async () => {
  const line = queueing();
  for (const id of ['1', '2', '3', '4']) line.wait(id, { person: 2 });
  await settled();
  expect(line.begun).toEqual(['1', '2']);
  expect(line.queue.placeOf('4')).toEqual({ number: 2, among: 'own' });
  line.queue.left('1', 0);
  await settled();
  expect(line.begun).toEqual(['1', '2', '3']);
  expect(line.queue.placeOf('3')).toBeNull();
  expect(line.queue.placeOf('4')).toEqual({ number: 1, among: 'own' });
});

test('each image that is over makes room at the service, the last one at the person’s limit, too', async () => {
  const line = queueing(4);
  line.wait('1', { person: 1, tasks: 4 });
  line.wait('2', { person: 1, tasks: 1 });
  line.wait('3', { user: 'bob', tasks: 1 });
  await settled();
  expect(line.begun).toEqual(['1']);
  line.queue.left('1', 3);
  await settled();
  expect(line.begun).toEqual(['1', '3']);
  line.queue.left('1', 0);
  await settled();
  expect(line.begun).toEqual(['1', '3', '2']);
});

test('whoever’s turn is over stands behind those who have waited meanwhile', async () => {
  const line = queueing(1);
  line.wait('1');
  line.wait('2');
  await settled();
  line.wait('3', { user: 'bob' });
  await settled();
  expect(line.queue.placeOf('3')).toEqual({ number: 1, among: 'all' });
  line.queue.left('1', 0);
  await settled();
  expect(line.begun).toEqual(['1', '3']);
  line.queue.left('3', 0);
  await settled();
  expect(line.begun).toEqual(['1', '3', '2']);
});

test('what began in an earlier process counts, even beyond the limits', async () => {
  const line = queueing(2);
  for (const id of ['1', '2', '3']) line.queue.goOn(line.turn(id, { user: `user ${id}` }));
  line.wait('4', { user: 'bob' });
  await settled();
  line.queue.left('1', 0);
  await settled();
  expect(line.begun).toEqual([]);
  line.queue.left('2', 0);
  await settled();
  expect(line.begun).toEqual(['4']);
});

test('what is counted twice, since it is served once more, counts once', async () => {
  const line = queueing(2);
  line.queue.goOn(line.turn('1'));
  line.queue.goOn(line.turn('1'));
  line.wait('2');
  await settled();
  expect(line.begun).toEqual(['2']);
});

test('whoever gives up leaves the line at once, and the others move up', async () => {
  const line = queueing();
  line.queue.goOn(line.turn('1'));
  const second = line.wait('2', { person: 1 });
  line.wait('3', { person: 1 });
  await settled();
  second.giveUp();
  await expect(second.turn).rejects.toThrow(/aborted/);
  await settled();
  expect(line.queue.placeOf('2')).toBeNull();
  expect(line.queue.placeOf('3')).toEqual({ number: 1, among: 'own' });
  line.queue.left('1', 0);
  await settled();
  expect(line.begun).toEqual(['3']);
});

test('whoever gave up before waits for nothing', async () => {
  const line = queueing();
  const signal = AbortSignal.abort();
  await expect(async () => line.queue.wait(line.turn('1'), { ...news, signal })).rejects.toThrow(/aborted/);
  expect(line.queue.placeOf('1')).toBeNull();
});

test('those who wait learn their place at once, and those who begin learn none', async () => {
  const line = queueing();
  const places: Place[] = [];
  line.queue.goOn(line.turn('1'));
  line.wait('2', { person: 1, moved: (place) => places.push(place) });
  line.wait('3', { user: 'bob', person: 1, moved: (place) => places.push(place) });
  await settled();
  expect(places).toEqual([{ number: 1, among: 'own' }]);
});

const news = { resumed: false, dearFrom: Number.POSITIVE_INFINITY, moved: (_: Place) => undefined };

interface Asking {
  user?: string;
  person?: number | null;
  tasks?: number;
  moved?: (place: Place) => unknown;
}

function queueing(tasksMax: number | null = null) {
  const queue = createQueue({ tasksMax, now: () => 100 });
  const begun: string[] = [];
  const turn = (id: string, { user = 'ann', person = null, tasks = 1 }: Asking = {}): Waiting => ({
    id,
    userId: user,
    guildId: null,
    limits: { person, member: null, server: null },
    tasks,
    since: Number(id),
  });
  return {
    queue,
    begun,
    turn,
    wait(id: string, asking: Asking = {}) {
      const leaving = new AbortController();
      const { moved = news.moved } = asking;
      const waiting = queue.wait(turn(id, asking), {
        ...news,
        moved: (place) => void moved(place),
        signal: leaving.signal,
      });
      waiting.then(
        () => begun.push(id),
        () => undefined,
      );
      return { turn: waiting, giveUp: () => leaving.abort() };
    },
  };
}

/** The queue decides once for all that happens at the same time. */
async function settled(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
