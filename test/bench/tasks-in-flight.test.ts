import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { leaveTasksInFlight } from '../../bench/tasks-in-flight.ts';
import { type Discord, startDiscord } from '../../sandbox/discord/index.ts';
import { openLedger } from '../../src/services/ledger/sqlite/ledger.ts';

let discord: Discord;
let folder: string;
beforeEach(async () => {
  discord = await startDiscord();
  folder = mkdtempSync(join(tmpdir(), 'bench-'));
});
afterEach(async () => {
  await discord.close();
  rmSync(folder, { recursive: true });
});

test('the tasks that a bench leaves in flight are taken over by the next process', async () => {
  const path = join(folder, 'imagine.sqlite');
  expect(await leaveTasksInFlight(discord, path, 3)).toHaveLength(3);
  const ledger = openLedger({ path });
  const found = await Promise.all((await ledger.leases.claim(10)).map(ledger.generations.find));
  await ledger.close();
  const running = [expect.objectContaining({ state: 'running' })];
  expect(found.map((stored) => stored?.tasks)).toEqual([running, running, running]);
});
