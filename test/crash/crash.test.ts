import { expect, test } from 'vitest';
import { runCrashTest } from './run.ts';

test('killed at any moment while everything misbehaves, the bot keeps its promises', async () => {
  const report = await runCrashTest({ blows: 8, inFlight: 20, seed: 1 });
  expect(report.images).toBeGreaterThan(0);
  expect(report.toolCalls).toBeGreaterThan(0);
  expect(report).toMatchObject({
    verdict: { duplicates: [], unannounced: [], lost: [], stuck: [], doubleMessages: [], untrue: [] },
    ledger: { unsettled: 0, unfinished: 0, tokens: 0 },
    filesLeft: [],
    exits: [],
    leaks: [],
  });
}, 400_000);
