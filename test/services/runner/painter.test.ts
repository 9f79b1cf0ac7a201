import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPainter, EDIT_INTERVAL_MS } from '../../../src/services/runner/painter.ts';

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

test('sealing waits for an edit under way, so that it can not overtake the final one', async () => {
  const order: string[] = [];
  let land: () => void = () => expect.unreachable('no edit is under way');
  const painter = createPainter<string>({
    edit: () =>
      new Promise<void>((resolve) => {
        land = () => {
          order.push('progress edit landed');
          resolve();
        };
      }),
  });
  painter.show('10%');
  const sealed = painter.seal().then(() => order.push('sealed'));
  await vi.advanceTimersByTimeAsync(1);
  land();
  await sealed;
  expect(order).toEqual(['progress edit landed', 'sealed']);
});

function painting() {
  const edits: string[] = [];
  const painter = createPainter({
    edit: async (view: string) => {
      edits.push(view);
    },
    delay: fakeDelay,
  });
  return { painter, edits };
}

/** On the timers that vitest moves; those of node:timers/promises it leaves alone. */
function fakeDelay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, ms);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
