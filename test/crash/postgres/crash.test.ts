import { expect, test } from 'vitest';
import { ALL_KEPT } from '../kept.ts';
import { runCrashTest } from '../run.ts';

test('several processes on one database keep their promises, whatever befalls them or the way to it', async () => {
  const report = await runCrashTest({ processes: 2, blows: 5, inFlight: 15, seed: 3 });
  expect(report.images).toBeGreaterThan(0);
  expect(report.toolCalls).toBeGreaterThan(0);
  expect(report).toMatchObject(ALL_KEPT);
}, 400_000);
