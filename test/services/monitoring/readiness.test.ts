import { Client } from 'discord.js';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createReadiness } from '../../../src/services/monitoring/readiness.ts';

const client = new Client({ intents: [] });
const notConnected = 'the gateway is not connected yet';

test('however often somebody asks, the ledger proves every five seconds at most that it takes a write', async () => {
  let [writes, now] = [0, 0];
  const problems = createReadiness({
    client,
    token: { isDoubted: false },
    ledger: {
      async proveWritable() {
        writes += 1;
        if (writes === 2) throw new Error('the disk is full');
      },
    },
    log: pino({ enabled: false }),
    elapsed: () => now,
  });
  const asked = await Promise.all(Array.from({ length: 50 }, problems));
  expect(new Set(asked.flat())).toEqual(new Set([notConnected]));
  now = 4999;
  await problems();
  expect(writes).toBe(1);
  now = 5000;
  const full = [notConnected, expect.stringMatching(/^the ledger takes no write/)];
  expect(await problems()).toEqual(full);
  expect(await problems()).toEqual(full);
  now = 10_000;
  expect(await problems()).toEqual([notConnected]);
  expect(writes).toBe(3);
});
