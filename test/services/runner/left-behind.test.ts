import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLeftBehind } from '../../../src/services/runner/left-behind.ts';

test('what the service is busy with leaves when that is over, and anything else at once', async () => {
  const { left, leftBehind } = leaving();
  leftBehind.leave('busy', Date.now() + 20);
  leftBehind.leave('over', 0);
  expect(left).toEqual(['over']);
  await over('busy', left);
});

test('what is taken up again stays', async () => {
  const { left, leftBehind } = leaving();
  leftBehind.leave('taken up', Date.now() + 10);
  leftBehind.leave('busy', Date.now() + 30);
  leftBehind.takeUp('taken up');
  await over('busy', left);
  expect(left).toEqual(['busy']);
});

function leaving() {
  const left: string[] = [];
  return {
    left,
    leftBehind: createLeftBehind({ queue: { left: (id) => left.push(id) }, now: Date.now }),
  };
}

async function over(id: string, left: readonly string[]): Promise<void> {
  while (!left.includes(id)) await delay(5);
}
