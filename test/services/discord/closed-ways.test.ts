import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createClosedWays } from '../../../src/services/discord/closed-ways.ts';

const MINUTE_MS = 60_000;
const WAY = ['PATCH /webhooks/1/a', 'webhooks', 'everything'] as const;

test('a limit of a moment that is told anew at each try is kept to for longer each time, up to a minute', () => {
  const { ways, pass, tries } = watched();
  for (let ms = 0; ms < 60 * MINUTE_MS; ms += 50) {
    if (ways.waitMs(WAY) === 0) {
      tries.push(ms);
      ways.close(WAY[0], 1, 'webhooks');
    }
    pass(50);
  }
  expect(tries.length).toBeLessThan(80);
});

test('what lasts is said in the log when it is for longer, and then once a minute', () => {
  const { ways, pass, said } = watched();
  for (const way of ['a', 'b', 'c']) ways.close(way, 900, 'webhooks');
  expect(said).toEqual(['Discord asks for patience: no such requests for 1 seconds']);
  ways.close('d', 30_000, 'webhooks');
  ways.close('e', 900, 'webhooks');
  expect(said).toHaveLength(2);
  pass(2 * MINUTE_MS);
  ways.close('f', 900, 'webhooks');
  expect(said).toHaveLength(3);
});

test('once a request got through, a limit is of its own length again', () => {
  const { ways, pass } = watched();
  for (const _ of [1, 2, 3]) {
    ways.close(WAY[0], 1000, 'webhooks');
    pass(10_000);
    expect(ways.waitMs(WAY)).toBe(0);
  }
  ways.passed(WAY, true);
  expect(ways.close(WAY[0], 1000, 'webhooks')).toBe(1000);
});

function watched() {
  const said: string[] = [];
  const tries: number[] = [];
  let time = 5000;
  const log = pino({}, { write: (line: string) => said.push((JSON.parse(line) as { msg: string }).msg) });
  const ways = createClosedWays({ log, elapsed: () => time });
  return {
    ways,
    said,
    tries,
    pass: (ms: number) => {
      time += ms;
    },
  };
}
