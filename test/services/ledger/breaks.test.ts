import { expect, test } from 'vitest';
import { createBreaks } from '../../../src/services/ledger/breaks.ts';

test('of many who take steps at the same time, each turn of the event loop has room for one', async () => {
  const takeBreak = createBreaks();
  let steps = 0;
  let most = 0;
  let before = 0;
  let isOver = false;
  const turn = () => {
    most = Math.max(most, steps - before);
    before = steps;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const work = async () => {
    for (let step = 0; step < 3; step += 1) {
      await takeBreak();
      steps += 1;
    }
  };
  await Promise.all(Array.from({ length: 20 }, work));
  isOver = true;
  expect(steps).toBe(60);
  expect(most).toBe(1);
});
