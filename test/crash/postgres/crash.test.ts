import { expect, test } from 'vitest';
import { runCrashTest } from '../run.ts';

test('several processes on one database keep their promises, whatever befalls them or the way to it', async () => {
  const report = await runCrashTest({ processes: 2, blows: 5, inFlight: 15, seed: 3 });
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
