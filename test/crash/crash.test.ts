import { expect, test } from 'vitest';
import { ALL_KEPT } from './kept.ts';
import { runCrashTest } from './run.ts';

test('killed at any moment while everything misbehaves, the bot keeps its promises', async () => {
  const report = await runCrashTest({ blows: 8, inFlight: 20, seed: 1 });
  expect(report.images).toBeGreaterThan(0);
  expect(report.toolCalls).toBeGreaterThan(0);
  expect(report).toMatchObject(ALL_KEPT);
}, 400_000);
