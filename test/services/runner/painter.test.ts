import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Pace, Waiting } from '../../../src/services/runner/pace.ts';
import { EDIT_INTERVAL_MS, Painter, type Subject } from '../../../src/services/runner/painter.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the first view is shown at once, the next ones at least two seconds apart, and only the newest', async () => {
  const { painter, edits } = painting();
  painter.show('queued');
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  painter.show('20%');
  painter.show('30%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS - 1);
  expect(edits).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(edits.at(-1)).toBe('30%');
  expect(edits).toHaveLength(2);
});

test('a view whose edit is dear waits longer, and one that comes meanwhile and is not dear goes at once', async () => {
  const { painter, edits } = painting();
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  painter.show('dear 20%');
  await vi.advanceTimersByTimeAsync(DEAR_INTERVAL_MS - 1);
  expect(edits).toEqual(['10%']);
  await vi.advanceTimersByTimeAsync(1);
  expect(edits).toEqual(['10%', 'dear 20%']);
  painter.show('dear 30%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  painter.show('an image');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  expect(edits.at(-1)).toBe('an image');
});

test('what looks the same as what is shown is not sent again', async () => {
  const { painter, edits } = painting();
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(10 * EDIT_INTERVAL_MS);
  expect(edits).toHaveLength(1);
});

test('sealing drops what waits and lets nothing follow', async () => {
  const { painter, edits } = painting();
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  painter.show('20%');
  await painter.seal();
  painter.show('30%');
  await vi.advanceTimersByTimeAsync(10 * EDIT_INTERVAL_MS);
  expect(edits).toEqual(['10%']);
});

test('sealing cuts off an edit under way at once, and says so', async () => {
  const { painter, cuts } = hanging();
  painter.changed();
  await vi.advanceTimersByTimeAsync(0);
  expect(await painter.seal()).toBe(true);
  expect(cuts()).toBe(1);
});

test('sealing cuts nothing off where no edit is under way', async () => {
  const { painter } = painting();
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  painter.show('20%');
  expect(await painter.seal()).toBe(false);
});

test('sealing waits for an edit that finishes, which nothing comes after', async () => {
  const { painter, land } = hanging({ finishes: true });
  painter.changed();
  await vi.advanceTimersByTimeAsync(0);
  const sealed = painter.seal();
  land();
  expect(await sealed).toBe(false);
});

test('a view that did not land is sent again, even if it looks the same', async () => {
  const { painter, edits, landing } = painting();
  landing.value = false;
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  expect(edits).toEqual(['10%', '10%']);
});

test('a view that comes right after one that looks like what is shown is not lost', async () => {
  const { painter, edits } = painting();
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  painter.show('10%');
  painter.show('20%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  expect(edits).toEqual(['10%', '20%']);
});

test('an edit waits for its turn among those of other replies, and then shows what is newest', async () => {
  const pace = turns();
  const { painter, edits } = painting(pace);
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  painter.show('20%');
  expect(edits).toEqual([]);
  pace.turn();
  await vi.advanceTimersByTimeAsync(0);
  expect(edits).toEqual(['20%']);
});

test('what is no longer the painter’s to show by its turn is not shown', async () => {
  const pace = turns();
  const { painter, edits } = painting(pace);
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  painter.show(null);
  pace.turn();
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  expect(edits).toEqual([]);
});

test('a view that fails is reported and not shown, and the next one is', async () => {
  const { painter, edits, failures } = painting();
  painter.show(new Error('no such text'));
  await vi.advanceTimersByTimeAsync(0);
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  expect(failures).toEqual([new Error('no such text')]);
  expect(edits).toEqual(['10%']);
});

test('a view that fails by its turn is reported and not shown', async () => {
  const pace = turns();
  const { painter, edits, failures } = painting(pace);
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  painter.show(new Error('no such text'));
  pace.turn();
  await painter.seal();
  expect(failures).not.toEqual([]);
  expect(edits).toEqual([]);
});

test('sealing does not wait for a turn, and gives it up', async () => {
  const pace = turns();
  const { painter, edits } = painting(pace);
  painter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  await painter.seal();
  pace.turn();
  expect(edits).toEqual([]);
});

const DEAR_INTERVAL_MS = 5 * EDIT_INTERVAL_MS;

function painting(pace: Pace = atOnce) {
  const edits: string[] = [];
  const landing = { value: true };
  const failures: unknown[] = [];
  let wanted: string | Error | null = null;
  const subject: Subject<string> = {
    render() {
      if (wanted instanceof Error) throw wanted;
      return wanted;
    },
    failed: (error) => failures.push(error),
    intervalMs: (view) => (view.startsWith('dear') ? DEAR_INTERVAL_MS : EDIT_INTERVAL_MS),
    finishes: () => false,
    async edit(view) {
      edits.push(view);
      return landing.value;
    },
  };
  const painter = new Painter(subject, pace);
  const show = (view: string | Error | null) => {
    wanted = view;
    painter.changed();
  };
  return { painter: { show, seal: () => painter.seal() }, edits, failures, landing };
}

/** Its edits end only when they are let, or cut off if they can be. */
function hanging({ finishes = false } = {}) {
  const edit = Promise.withResolvers<boolean>();
  let cuts = 0;
  const subject: Subject<string> = {
    finishes: () => finishes,
    render: () => '10%',
    failed: () => undefined,
    intervalMs: () => EDIT_INTERVAL_MS,
    edit: (_, signal) => {
      signal.addEventListener('abort', () => {
        cuts += 1;
        if (!finishes) edit.resolve(false);
      });
      return edit.promise;
    },
  };
  const painter = new Painter(subject, atOnce);
  return { painter, land: () => edit.resolve(true), cuts: () => cuts };
}

const atOnce: Pace = { ask: (waiting) => waiting.go(), leave: () => undefined };

/** Whoever has asked goes when the test says so. */
function turns(): Pace & { turn(): void } {
  const line = new Set<Waiting>();
  return {
    ask: (waiting) => line.add(waiting),
    leave: (waiting) => line.delete(waiting),
    turn() {
      for (const waiting of line) waiting.go();
    },
  };
}
