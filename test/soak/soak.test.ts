import { expect, test } from 'vitest';
import { runSoak } from './run.ts';

test('a crowd is served fairly and within its limits while both sides misbehave', async () => {
  const report = await runSoak({ seconds: 20, people: 100, servers: 5, tasks: 20, speed: 8, seed: 1 });
  expect(report.images).toBeGreaterThan(0);
  expect(report.refused).toBeGreaterThan(0);
  for (const { most, limit } of Object.values(report.limits)) expect(most).toBeLessThanOrEqual(limit);
  // The service has a free place between the end of an image and the bot's next query.
  expect(report.limits['tasks at the service']?.most).toBeGreaterThan(15);
  expect(report.waits.longest).toBeLessThanOrEqual(3 * report.waits.median);
  expect(report).toMatchObject({
    verdict: { duplicates: [], unannounced: [], lost: [], stuck: [], doubleMessages: [], untrue: [] },
    escaped: [],
  });
}, 400_000);
