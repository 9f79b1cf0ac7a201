import { expect, test } from 'vitest';
import { createPatience, GATEWAY_TIMES } from '../../../../src/services/discord/gateway/patience.ts';

const { settledAfterMs, anewAfterMs, giveUpAfterMs } = GATEWAY_TIMES;
const DAY_MS = 86_400_000;

let nowMs = 0;
const patient = () => createPatience(GATEWAY_TIMES, { now: () => nowMs, random: () => 0 });

test('a connection that worked is made again at once when it is lost', () => {
  const patience = patient();
  for (const how of ['identified', 'resumed', 'resumed'] as const) {
    patience.works(how);
    nowMs += settledAfterMs[how];
    patience.failed();
    expect(patience.pauseMs()).toBe(0);
  }
});

test('connections that come to nothing are made at growing pauses', () => {
  const patience = patient();
  const pauses = Array.from({ length: 10 }, () => {
    patience.failed();
    return patience.pauseMs() / 1000;
  });
  expect(pauses).toEqual([0, 0, 1, 2, 5, 20, 60, 180, 300, 300]);
});

test('sessions that are resumed and lost within seconds, for ever, are resumed at growing pauses', () => {
  const patience = patient();
  const pauses = Array.from({ length: 10 }, () => {
    patience.works('resumed');
    nowMs += 2000;
    patience.failed();
    return patience.pauseMs() / 1000;
  });
  expect(pauses.at(-1)).toBe(300);
});

test('sessions that end right after their start, with a new process after each one that gives up, stay under 1,000 a day', () => {
  let starts = 0;
  for (const end = nowMs + DAY_MS; nowMs < end; ) {
    const patience = patient();
    while (!patience.isOver()) {
      nowMs += patience.pauseMs() + 500;
      starts += 1;
      patience.works('identified');
      patience.failed();
    }
  }
  expect(starts).toBeLessThan(1000);
});

test('a session that cannot be resumed is given up for a new one after two minutes', () => {
  const patience = patient();
  patience.failed();
  expect(patience.wantsNewSession()).toBe(false);
  nowMs += anewAfterMs;
  expect(patience.wantsNewSession()).toBe(true);
});

test('it is over after a quarter of an hour of failures, and not where something worked in between', () => {
  const patience = patient();
  patience.failed();
  nowMs += giveUpAfterMs - 1;
  patience.failed();
  expect(patience.isOver()).toBe(false);
  patience.works('resumed');
  nowMs += settledAfterMs.resumed;
  patience.failed();
  expect(patience.isOver()).toBe(false);
  nowMs += giveUpAfterMs;
  expect(patience.isOver()).toBe(true);
});
