import { expect, test } from 'vitest';
import { EDIT_INTERVAL_MS } from '../../../src/services/reporting/reporter.ts';
import type { Hold, Place } from '../../../src/services/scheduler/fair-order.ts';
import { createPlaceNews, TELL_EVERY_MS } from '../../../src/services/scheduler/place-news.ts';

const SECOND_MS = 1000;

test('with two hundred that wait, one move makes ten edits in a second, and the head of the line learns it first', async () => {
  const { told, line } = lineOf(200);
  line.moveUp();
  await line.passes(60 * SECOND_MS);
  const first = told.slice(0, 5).map(({ place }) => place);
  expect(first.every((place) => place <= 5)).toBe(true);
  for (const { at } of told) {
    const withinASecond = told.filter((other) => other.at > at - SECOND_MS && other.at <= at);
    expect(withinASecond.length).toBeLessThanOrEqual(SECOND_MS / TELL_EVERY_MS);
  }
  expect(new Set(told.map(({ id }) => id)).size, 'in the end everybody knows').toBe(199);
});

test('while the line moves on and on, the head learns it often and the end now and then', async () => {
  const { told, line } = lineOf(200);
  for (let move = 0; move < 150; move += 1) {
    line.moveUp();
    await line.passes(SECOND_MS);
  }
  const timesOf = (id: number) => told.filter((each) => each.id === String(id)).length;
  expect(timesOf(199)).toBeGreaterThan(0);
  // Number 10 was among the first ten all the time, number 160 for the last moves only.
  expect(timesOf(10) / 9).toBeGreaterThan(timesOf(199) / 150);
  expect(timesOf(10)).toBeGreaterThan(2);
});

test('a reply learns nothing that it shows already, and nothing more often than it may be edited', async () => {
  const { told, line, news } = lineOf(1);
  for (const number of [2, 3, 4, 5, 6]) {
    news.set('1', { number, among: 'all' }, line.listener('1'));
    await line.passes(TELL_EVERY_MS);
  }
  expect(told.length).toBeLessThanOrEqual(1);
  await line.passes(2 * EDIT_INTERVAL_MS);
  expect(told.at(-1)?.place).toBe(6);
  const before = told.length;
  news.set('1', { number: 6, among: 'all' }, line.listener('1'));
  await line.passes(2 * EDIT_INTERVAL_MS);
  expect(told).toHaveLength(before);
});

test('whoever has left learns nothing more', async () => {
  const { told, line, news } = lineOf(3);
  line.moveUp();
  news.forget('2');
  await line.passes(10 * SECOND_MS);
  expect(told.map(({ id }) => id)).toEqual(['3']);
});

test('after a restart hundreds learn their place within the same budget, the head first', async () => {
  const { told, line } = lineOf(100, { resumed: true });
  await line.passes(SECOND_MS);
  expect(told.length).toBeLessThanOrEqual(SECOND_MS / TELL_EVERY_MS);
  expect(told[0]?.place).toBe(1);
});

test('where edits are dear, two hundred make one in five seconds or so', async () => {
  const { told, line } = lineOf(200, { slowFrom: 0 });
  const began = told.length;
  const seconds = 600;
  for (let second = 0; second < seconds; second += 1) {
    line.set(second % 2);
    await line.passes(SECOND_MS);
  }
  expect((told.length - began) / seconds).toBeLessThan(0.4);
  const timesOf = (id: string) => told.filter((each) => each.id === id).length;
  expect(timesOf('1')).toBeGreaterThan(timesOf('10'));
  expect(timesOf('10')).toBeGreaterThan(0);
});

test('why the line stands still is news, and that it goes on is, too', async () => {
  const { told, line } = lineOf(2);
  line.set(0, 'no-credit');
  await line.passes(EDIT_INTERVAL_MS);
  expect(told.map(({ id, held }) => [id, held])).toEqual([
    ['1', 'no-credit'],
    ['2', 'no-credit'],
  ]);
  told.length = 0;
  line.set();
  await line.passes(2 * EDIT_INTERVAL_MS);
  expect(told.map(({ id, held }) => [id, held])).toEqual([
    ['1', undefined],
    ['2', undefined],
  ]);
});

test.each([-3600 * SECOND_MS, 3600 * SECOND_MS])(
  'a clock that is set by %i ms silences nobody',
  async (ms) => {
    const { told, line } = lineOf(3);
    line.setClock(ms);
    line.moveUp();
    await line.passes(10 * SECOND_MS);
    expect(told.map(({ id, place }) => [id, place])).toEqual([
      ['2', 1],
      ['3', 2],
    ]);
  },
);

test('an edit becomes dear when the token dies, however the clock is set meanwhile', async () => {
  const { told, line } = lineOf(100, { slowFrom: 1_000_000 + 60 * SECOND_MS });
  line.setClock(-3600 * SECOND_MS);
  await line.passes(120 * SECOND_MS);
  line.moveUp();
  await line.passes(20 * SECOND_MS);
  const early = told.length;
  expect(early).toBeLessThan(10);
});

/** So many in line, each of whom knows their place; what is told from then on is recorded. */
function lineOf(count: number, options: { resumed?: boolean; slowFrom?: number } = {}) {
  const { resumed = false, slowFrom = Number.POSITIVE_INFINITY } = options;
  let clock = 1_000_000;
  let passed = clock;
  let setBy = 0;
  let wake: () => void = () => undefined;
  const told: { id: string; place: number; at: number; held?: Hold }[] = [];
  const news = createPlaceNews({
    now: () => clock + setBy,
    elapsed: () => clock,
    delay: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      }),
  });
  let ids = Array.from({ length: count }, (_, index) => String(index + 1));
  const line = {
    listener: (id: string) => ({
      resumed,
      slowFrom,
      moved: ({ number, among: _, ...held }: Place) =>
        void told.push({ id, place: number, at: clock, ...held }),
    }),
    /** The first one begins. */
    moveUp() {
      news.forget(ids[0] ?? '');
      ids = ids.slice(1);
      line.set();
    },
    setClock(ms: number) {
      setBy = ms;
    },
    /** Everybody stands so many places further back. */
    set(back = 0, held?: Hold) {
      for (const [index, id] of ids.entries()) {
        const place = { number: index + 1 + back, among: 'all', ...(held && { held }) } as const;
        news.set(id, place, line.listener(id));
      }
    },
    async passes(ms: number) {
      for (passed += ms; clock < passed; clock += TELL_EVERY_MS) {
        const due = wake;
        wake = () => undefined;
        due();
        for (let tick = 0; tick < 4; tick += 1) await Promise.resolve();
      }
    },
  };
  line.set();
  // Those who come one by one learn their first place at once.
  if (!resumed) told.length = 0;
  clock += EDIT_INTERVAL_MS;
  passed = clock;
  return { told, line, news };
}
