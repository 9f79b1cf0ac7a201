import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../../src/services/ledger/ledger.ts';
import type { Task } from '../../../src/services/ledger/rows.ts';
import { openLedger } from '../../../src/services/ledger/sqlite/ledger.ts';
import { transitions } from '../../../src/services/ledger/transitions.ts';
import { reservation } from './requests.ts';

let folder: string;
let ledger: Ledger;
let now: number;

beforeEach(() => {
  now = 1_000;
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
  const { references: _, draftId: __, limits: ___, cost: ____, ...columns } = reservation;
  expect(found?.generation).toMatchObject({ ...columns, createdAt: 1000, acknowledgedAt: null });
  expect(found?.tasks).toMatchObject([{ generationId: id, state: 'reserved', serviceTaskId: null }]);
  expect(found?.references).toMatchObject([
    { position: 0, name: 'fox.jpg', source: 'discord', url: 'https://cdn.discordapp.com/fox.jpg' },
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
  await ledger.generations.settle(first, null, []);
  expect(await ledger.generations.unsettled()).toEqual([second]);
});

test('a task is saved where its row is still in the state that it comes from, and nowhere else', async () => {
  const task = await taskOf(await reserve());
  const submitting = transitions.submit(2000).to(task);
  expect(await ledger.tasks.save('reserved', submitting)).toBe(true);
  expect(await ledger.tasks.save('reserved', submitting)).toBe(false);
  const running = transitions.run('service-1', 3000).to(submitting);
  expect(await ledger.tasks.save('submitting', running)).toBe(true);
  expect(await taskOf(running.generationId)).toEqual({
    ...task,
    state: 'running',
    serviceTaskId: 'service-1',
    submittedAt: 3000,
    watchedSince: 3000,
  });
});

test('a row that fell behind catches up in one write', async () => {
  const task = await taskOf(await reserve());
  await ledger.tasks.save('reserved', transitions.submit(2000).to(task));
  const completed = transitions
    .complete('https://x/1.png', 4000)
    .to(transitions.run('service-1', 3000).to(task));
  expect(await ledger.tasks.save('submitting', completed)).toBe(true);
  expect(await taskOf(task.generationId)).toEqual(completed);
});

test('settling writes the place of the reply and the end of each task in one go, or nothing at all', async () => {
  const id = await reserve();
  const task = await taskOf(id);
  const place = { id: 'm1', channelId: 'c1' };
  const refused = transitions.refuse({ reason: 'credit', words: '余额不足' }, 5000).to(task);
  await expect(ledger.generations.settle(id, place, [{ from: 'running', task: refused }])).rejects.toThrow(
    /is not running/,
  );
  expect((await ledger.generations.find(id))?.generation).toMatchObject({ message: null, settledAt: null });

  await ledger.generations.settle(id, place, [{ from: 'reserved', task: refused }]);
  expect((await ledger.generations.find(id))?.generation).toMatchObject({ message: place, settledAt: 1000 });
  expect(await taskOf(id)).toEqual(refused);
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

test('a second process is told so under another name of the file, too', () => {
  const link = join(folder, 'link.sqlite');
  symlinkSync(path(), link);
  expect(() => openLedger({ path: link })).toThrow(/Another process uses this ledger/);
});

test('a file that somebody else holds for a moment, such as a backup, is waited for', async () => {
  ledger.close();
  const holder = new Worker(HOLD_FOR_A_MOMENT, { eval: true, workerData: path() });
  await once(holder, 'message');
  ledger = open();
  expect(await ledger.generations.unsettled()).toEqual([]);
  await holder.terminate();
});

const HOLD_FOR_A_MOMENT = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const db = new DatabaseSync(workerData);
  db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA user_version');
  parentPort.postMessage('held');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  db.exec('COMMIT');
  db.close();
`;

test('a path that cannot be used is named, with what is wrong', () => {
  const taken = join(folder, 'data');
  expect(() => openLedger({ path: taken })).toThrow(
    /The ledger at .*data cannot be used \(.*Check DATABASE_PATH/,
  );
  expect(() => openLedger({ path: join(path(), 'below-a-file.sqlite') })).toThrow(/cannot be used/);
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

async function reserve(interactionId = reservation.interactionId): Promise<string> {
  const id = await ledger.generations.reserve({ ...reservation, interactionId });
  if (typeof id !== 'string') throw new Error('the interaction was not reserved');
  return id;
}

async function taskOf(generationId: string): Promise<Task> {
  const [task] = (await ledger.generations.find(generationId))?.tasks ?? [];
  if (!task) throw new Error('there is no such task');
  return task;
}

function path(): string {
  return join(folder, 'data', 'imagine.sqlite');
}

function open(): Ledger {
  return openLedger({ path: path(), now: () => now });
}
