import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPace } from '../../../src/services/runner/pace.ts';

const patient = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the first goes at once, the others one after the other, in their order', async () => {
  const { pace, passed } = walking();
  for (const name of ['a', 'b', 'c']) void pace(patient).then(() => passed.push(name));
  await vi.advanceTimersByTimeAsync(0);
  expect(passed).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(100);
  expect(passed).toEqual(['a', 'b']);
  await vi.advanceTimersByTimeAsync(100);
  expect(passed).toEqual(['a', 'b', 'c']);
});

test('whoever comes later than the interval has no turn to wait for', async () => {
  const { pace, passed } = walking();
  await pace(patient);
  await vi.advanceTimersByTimeAsync(100);
  void pace(patient).then(() => passed.push('late'));
  await vi.advanceTimersByTimeAsync(0);
  expect(passed).toEqual(['late']);
});

test('whoever gives up uses no turn', async () => {
  const { pace, passed } = walking();
  const impatient = new AbortController();
  await pace(patient);
  const givenUp = expect(pace(impatient.signal)).rejects.toThrow('no longer');
  void pace(patient).then(() => passed.push('next'));
  impatient.abort(new Error('no longer'));
  await givenUp;
  await vi.advanceTimersByTimeAsync(100);
  expect(passed).toEqual(['next']);
  await expect(pace(impatient.signal)).rejects.toThrow('no longer');
});

/** Ten a second, on the timers that vitest moves. */
function walking() {
  const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  return { pace: createPace(10, delay), passed: [] as string[] };
}
