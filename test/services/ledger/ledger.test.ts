import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Reservation } from '../../../src/services/ledger/generations.ts';
import { type Ledger, openLedger } from '../../../src/services/ledger/index.ts';

let folder: string;
let ledger: Ledger;
let now = 1_000;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  ledger = open();
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

test('a reservation holds everything that is needed to answer after a restart', async () => {
  const id = await reserve();
  ledger.close();
  ledger = open();
  const found = await ledger.generations.find(id);
  const { references: _, ...columns } = reservation;
  expect(found?.generation).toMatchObject({ ...columns, createdAt: 1000, acknowledgedAt: null });
  expect(found?.tasks).toMatchObject([{ generationId: id, state: 'reserved', serviceTaskId: null }]);
  expect(found?.references).toMatchObject([
    { position: 0, name: 'fox.jpg', url: 'https://cdn.discordapp.com/fox.jpg' },
  ]);
});

test('an interaction that arrives twice is reserved once', async () => {
  await reserve();
  expect(await ledger.generations.reserve(reservation)).toBeNull();
  expect(await ledger.generations.unsettled()).toHaveLength(1);
});

test('generations are unsettled, oldest first, until their last word is visible', async () => {
  const first = await reserve('1');
  const second = await reserve('2');
  expect(await ledger.generations.unsettled()).toEqual([first, second]);
  await ledger.generations.settle(first);
  expect(await ledger.generations.unsettled()).toEqual([second]);
});

test('a task goes its way, each step from the one before', async () => {
  const id = await taskOf(await reserve());
  expect(await ledger.tasks.submit(id)).toMatchObject({ state: 'submitting', submittedAt: 1000 });
  expect(await ledger.tasks.run(id, 'service-1')).toMatchObject({
    state: 'running',
    serviceTaskId: 'service-1',
  });
  expect(await ledger.tasks.complete(id, 'https://x/1.png')).toMatchObject({
    state: 'completed',
    imageUrl: 'https://x/1.png',
  });
  expect(await ledger.tasks.keepImage(id, '1.png')).toMatchObject({ state: 'completed', imageFile: '1.png' });
  expect(await ledger.tasks.deliver(id)).toMatchObject({ state: 'delivered', imageFile: null });
});

test('a step from anywhere else changes nothing', async () => {
  const id = await taskOf(await reserve());
  expect(await ledger.tasks.run(id, 'service-1')).toBeNull();
  expect(await ledger.tasks.deliver(id)).toBeNull();
  await ledger.tasks.submit(id);
  expect(await ledger.tasks.submit(id)).toBeNull();
  await ledger.tasks.leaveUnconfirmed(id);
  expect(await ledger.tasks.run(id, 'service-1')).toBeNull();
  expect(await ledger.tasks.refuse(id, { reason: 'storage' })).toBeNull();
});

test('a create that was certainly not taken can be put back', async () => {
  const id = await taskOf(await reserve());
  await ledger.tasks.submit(id);
  expect(await ledger.tasks.putBack(id)).toMatchObject({ state: 'reserved', submittedAt: null });
});

test('tokens are emptied once they have expired', async () => {
  const old = await reserve('1');
  now = 2_000;
  const young = await reserve('2');
  await ledger.generations.forgetTokens(2_000);
  expect((await ledger.generations.find(old))?.generation.token).toBeNull();
  expect((await ledger.generations.find(young))?.generation.token).toBe('interaction-token');
});

test('a second process is told that the ledger is taken', () => {
  expect(() => open()).toThrow(/Another process uses this ledger/);
});

test('a file from a newer version is refused, and left as it is', () => {
  ledger.close();
  const file = new DatabaseSync(path());
  file.exec('PRAGMA user_version = 99');
  file.close();
  expect(() => open()).toThrow(/written by a newer version of the bot \(schema 99/);
  rmSync(folder, { recursive: true });
  ledger = open();
});

const reservation: Reservation = {
  interactionId: '100',
  applicationId: '200',
  token: 'interaction-token',
  userId: '300',
  guildId: null,
  channelId: '400',
  private: true,
  locale: 'en-US',
  attachmentSizeLimit: 10_485_760,
  request: { prompt: 'a fox', model: 'gpt-image-2', ratio: 'auto', resolution: '1k', quality: null },
  references: [{ name: 'fox.jpg', url: 'https://cdn.discordapp.com/fox.jpg', size: 10, contentType: null }],
};

async function reserve(interactionId = reservation.interactionId): Promise<string> {
  const id = await ledger.generations.reserve({ ...reservation, interactionId });
  if (!id) throw new Error('the interaction was reserved already');
  return id;
}

async function taskOf(generationId: string): Promise<string> {
  const found = await ledger.generations.find(generationId);
  return found?.tasks[0]?.id ?? '';
}

function path(): string {
  return join(folder, 'data', 'imagine.sqlite');
}

function open(): Ledger {
  return openLedger({ path: path(), now: () => now });
}
