import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RateLimiter, Waiter } from '../../../src/services/reporting/rate-limiter.ts';
import { EDIT_INTERVAL_MS, Reporter, type Subject } from '../../../src/services/reporting/reporter.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the first view is shown at once, the next ones at least two seconds apart, and only the newest', async () => {
  const { reporter, edits } = painting();
  reporter.show('queued');
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  reporter.show('20%');
  reporter.show('30%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS - 1);
  expect(edits).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(edits.at(-1)).toBe('30%');
  expect(edits).toHaveLength(2);
});

test('a view whose edit is dear waits longer, and one that comes meanwhile and is not dear goes at once', async () => {
  const { reporter, edits } = painting();
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  reporter.show('dear 20%');
  await vi.advanceTimersByTimeAsync(DEAR_INTERVAL_MS - 1);
  expect(edits).toEqual(['10%']);
  await vi.advanceTimersByTimeAsync(1);
  expect(edits).toEqual(['10%', 'dear 20%']);
  reporter.show('dear 30%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  reporter.show('an image');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  expect(edits.at(-1)).toBe('an image');
});

test('what looks the same as what is shown is not sent again', async () => {
  const { reporter, edits } = painting();
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(10 * EDIT_INTERVAL_MS);
  expect(edits).toHaveLength(1);
});

test('what changes by time alone is looked at again when it does, and no longer once it is sealed', async () => {
  const { reporter, edits, alarms, becomes } = painting();
  alarms.push(5000, 7000, 9000);
  reporter.show('expected in 8 seconds');
  await vi.advanceTimersByTimeAsync(0);
  becomes('any moment now');
  await vi.advanceTimersByTimeAsync(4999);
  expect(edits).toEqual(['expected in 8 seconds']);
  await vi.advanceTimersByTimeAsync(10);
  expect(edits.at(-1)).toBe('any moment now');
  becomes('taking longer than usual');
  await vi.advanceTimersByTimeAsync(7000);
  expect(edits.at(-1)).toBe('taking longer than usual');
  becomes('nothing that is shown');
  await reporter.seal();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(edits).toHaveLength(3);
});

test('sealing drops what waits and lets nothing follow', async () => {
  const { reporter, edits } = painting();
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  reporter.show('20%');
  await reporter.seal();
  reporter.show('30%');
  await vi.advanceTimersByTimeAsync(10 * EDIT_INTERVAL_MS);
  expect(edits).toEqual(['10%']);
});

test('sealing cuts off an edit under way at once, and says so', async () => {
  const { reporter, cuts } = hanging();
  reporter.changed();
  await vi.advanceTimersByTimeAsync(0);
  expect(await reporter.seal()).toBe(true);
  expect(cuts()).toBe(1);
});

test('sealing cuts nothing off where no edit is under way', async () => {
  const { reporter } = painting();
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  reporter.show('20%');
  expect(await reporter.seal()).toBe(false);
});

test('sealing waits for an edit that finishes, which nothing comes after', async () => {
  const { reporter, land } = hanging({ finishes: true });
  reporter.changed();
  await vi.advanceTimersByTimeAsync(0);
  const sealed = reporter.seal();
  land();
  expect(await sealed).toBe(false);
});

test('a view that did not land is sent again, even if it looks the same', async () => {
  const { reporter, edits, landing } = painting();
  landing.value = false;
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  expect(edits).toEqual(['10%', '10%']);
});

test('a view that comes right after one that looks like what is shown is not lost', async () => {
  const { reporter, edits } = painting();
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  reporter.show('10%');
  reporter.show('20%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  expect(edits).toEqual(['10%', '20%']);
});

test('an edit waits for its turn among those of other replies, and then shows what is newest', async () => {
  const limiter = turns();
  const { reporter, edits } = painting(limiter);
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  reporter.show('20%');
  expect(edits).toEqual([]);
  limiter.turn();
  await vi.advanceTimersByTimeAsync(0);
  expect(edits).toEqual(['20%']);
});

test('what changes by time alone can wait, until there is news', async () => {
  const asked: boolean[] = [];
  const limiter: RateLimiter = {
    ask(waiter, { canWait = false } = {}) {
      asked.push(canWait);
      if (!canWait) waiter.go();
    },
    leave: () => undefined,
  };
  const { reporter, edits, alarms, becomes } = painting(limiter);
  alarms.push(5000);
  reporter.show('working');
  await vi.advanceTimersByTimeAsync(0);
  becomes('about 20%');
  await vi.advanceTimersByTimeAsync(5010);
  expect([asked, edits]).toEqual([[false, true], ['working']]);
  reporter.show('25%');
  await vi.advanceTimersByTimeAsync(0);
  expect([asked, edits]).toEqual([
    [false, true, false],
    ['working', '25%'],
  ]);
});

test('what is no longer the reporter’s to show by its turn is not shown', async () => {
  const limiter = turns();
  const { reporter, edits } = painting(limiter);
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  reporter.show(null);
  limiter.turn();
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  expect(edits).toEqual([]);
});

test('a view that fails is reported and not shown, and the next one is', async () => {
  const { reporter, edits, failures } = painting();
  reporter.show(new Error('no such text'));
  await vi.advanceTimersByTimeAsync(0);
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(EDIT_INTERVAL_MS);
  expect(failures).toEqual([new Error('no such text')]);
  expect(edits).toEqual(['10%']);
});

test('a view that fails by its turn is reported and not shown', async () => {
  const limiter = turns();
  const { reporter, edits, failures } = painting(limiter);
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  reporter.show(new Error('no such text'));
  limiter.turn();
  await reporter.seal();
  expect(failures).not.toEqual([]);
  expect(edits).toEqual([]);
});

test('sealing does not wait for a turn, and gives it up', async () => {
  const limiter = turns();
  const { reporter, edits } = painting(limiter);
  reporter.show('10%');
  await vi.advanceTimersByTimeAsync(0);
  await reporter.seal();
  limiter.turn();
  expect(edits).toEqual([]);
});

const DEAR_INTERVAL_MS = 5 * EDIT_INTERVAL_MS;

function painting(limiter: RateLimiter = atOnce) {
  const edits: string[] = [];
  const landing = { value: true };
  const alarms: number[] = [];
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
    changesInMs: () => alarms.shift() ?? null,
    async edit(view) {
      edits.push(view);
      return landing.value;
    },
  };
  const reporter = new Reporter(subject, limiter);
  const show = (view: string | Error | null) => {
    wanted = view;
    reporter.changed();
  };
  const becomes = (view: string) => {
    wanted = view;
  };
  return { reporter: { show, seal: () => reporter.seal() }, edits, failures, landing, alarms, becomes };
}

/** Its edits end only when they are let, or cut off if they can be. */
function hanging({ finishes = false } = {}) {
  const edit = Promise.withResolvers<boolean>();
  let cuts = 0;
  const subject: Subject<string> = {
    finishes: () => finishes,
    changesInMs: () => null,
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
  const reporter = new Reporter(subject, atOnce);
  return { reporter, land: () => edit.resolve(true), cuts: () => cuts };
}

const atOnce: RateLimiter = { ask: (waiter) => waiter.go(), leave: () => undefined };

/** Whoever has asked goes when the test says so. */
function turns(): RateLimiter & { turn(): void } {
  const line = new Set<Waiter>();
  return {
    ask: (waiter) => line.add(waiter),
    leave: (waiter) => line.delete(waiter),
    turn() {
      for (const waiter of line) waiter.go();
    },
  };
}
