import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportPersonalData } from '../../../../src/services/ledger/personal-data.ts';
import type { ImageRequest } from '../../../../src/services/request/request.ts';
import { createTestLedger, type TestLedger } from '../test-ledger.ts';

interface Part {
  userId: string;
  charges?: { chargedAt: number }[];
  ruleChanges?: { to: unknown }[];
  generations: { request: ImageRequest }[];
}

let file: TestLedger;
beforeEach(async () => {
  file = await createTestLedger();
});
afterEach(() => file.remove());

async function exported(userId: string, partBytes: number): Promise<{ sizes: number[]; parts: Part[] }> {
  const files = await Array.fromAsync(exportPersonalData(file.ledger, userId, partBytes));
  return {
    sizes: files.map(({ length }) => length),
    parts: files.map((bytes) => JSON.parse(gunzipSync(bytes).toString()) as Part),
  };
}

test('what is too large for one file comes in several, each of them whole, and none too large', async () => {
  // Text that hardly compresses.
  const prompts = Array.from({ length: 200 }, () => randomBytes(2250).toString('base64'));
  for (const prompt of prompts) await file.deliver({ userId: 'ann', request: { prompt } });
  const { sizes, parts } = await exported('ann', 200_000);
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(200_000);
  expect(
    parts.flatMap(({ generations }) => generations.map(({ request }) => request.prompt)).toSorted(),
  ).toEqual(prompts.toSorted());
  expect(parts.map(({ userId }) => userId)).toEqual(parts.map(() => 'ann'));
  expect(parts.map(({ charges }) => charges?.length)).toEqual(
    parts.map((_, index) => (index === 0 ? 200 : undefined)),
  );
});

test('somebody of whom nothing is stored gets one file that says so', async () => {
  await file.deliver({ userId: 'ann' });
  const { parts } = await exported('bob', 200_000);
  expect(parts).toMatchObject([{ userId: 'bob', drafts: [], charges: [], generations: [] }]);
});

test('charges and changes of rules are all in the first file, however many there are', async () => {
  // Five in each millisecond: a step may end between two of them.
  await file.execute(`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2503)
    INSERT INTO charges (task_id, user_id, guild_id, model, coins, charged_at)
      SELECT 'task-' || n, 'ann', NULL, 'gpt-image-2', 1, n / 5 FROM numbers`);
  for (const memberPerDay of [1, 2]) await file.ledger.serverRules.save('studio', 'ann', { memberPerDay });
  const [part] = (await exported('ann', 200_000)).parts;
  expect(part?.charges?.map(({ chargedAt }) => chargedAt)).toEqual(
    Array.from({ length: 2503 }, (_, index) => Math.floor((index + 1) / 5)),
  );
  expect(part?.ruleChanges?.map(({ to }) => to)).toEqual([1, 2]);
});

test('no token is in it', async () => {
  await file.reserve({ userId: 'ann', token: 'secret-token' });
  expect(JSON.stringify((await exported('ann', 200_000)).parts)).not.toMatch(/"token"|secret-token/);
});
