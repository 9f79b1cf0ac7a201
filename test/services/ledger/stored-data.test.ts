import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ledger, openLedger } from '../../../src/services/ledger/index.ts';

let folder: string;
let ledger: Ledger;
let now: number;
let interactions = 0;

beforeEach(() => {
  now = 1_000;
  folder = mkdtempSync(join(tmpdir(), 'stored-'));
  ledger = openLedger({ path: join(folder, 'imagine.sqlite'), now: () => now });
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

test('a person’s finished generations are deleted with their files; others’ and unfinished ones stay', async () => {
  const finished = await generation({ userId: 'ann', file: 'ann-1.png' });
  const unfinished = await generation({ userId: 'ann', file: 'ann-2.png', settled: false });
  const other = await generation({ userId: 'bob', file: 'bob.png' });
  expect(await ledger.storedData.summary('ann')).toEqual({
    generations: 2,
    unfinished: 1,
    files: 2,
    since: 1000,
  });

  expect(await ledger.storedData.forget('ann')).toEqual({ generations: 1, files: ['ann-1.png'] });
  expect(await ledger.generations.find(finished)).toBeNull();
  expect(await ledger.storedData.idsOf('ann')).toEqual([unfinished]);
  expect(await ledger.generations.find(other)).not.toBeNull();
});

test('a file that a later generation uses, too, stays', async () => {
  await generation({ userId: 'ann', file: 'shared.png' });
  now = 5_000;
  await generation({ userId: 'ann', file: 'shared.png', settled: false });
  expect(await ledger.storedData.forget('ann')).toEqual({ generations: 1, files: [] });
});

test('what is older than a time is deleted, unless it is unfinished', async () => {
  const old = await generation({ userId: 'ann', file: 'old.png' });
  const waiting = await generation({ userId: 'ann', settled: false });
  now = 9_000;
  const young = await generation({ userId: 'ann' });
  expect(await ledger.storedData.forgetBefore(9_000)).toEqual({ generations: 1, files: ['old.png'] });
  expect(await ledger.generations.find(old)).toBeNull();
  expect(await ledger.storedData.idsOf('ann')).toEqual([waiting, young]);
});

test('recent generations come newest first, as many as asked for', async () => {
  const ids = [];
  for (let index = 0; index < 3; index += 1) ids.push(await generation({ userId: 'ann' }));
  const recent = await ledger.generations.recentOf('ann', 2);
  expect(recent.map(({ generation: { id } }) => id)).toEqual(ids.reverse().slice(0, 2));
});

async function generation({
  userId,
  file = null,
  settled = true,
}: {
  userId: string;
  file?: string | null;
  settled?: boolean;
}) {
  interactions += 1;
  const id = await ledger.generations.reserve({
    interactionId: String(interactions),
    parentId: null,
    applicationId: '1',
    token: 'token',
    userId,
    guildId: null,
    channelId: '2',
    private: false,
    locale: 'en-US',
    attachmentSizeLimit: 1,
    request: { prompt: 'a fox', model: 'gpt-image-2', ratio: 'auto', resolution: '1k', quality: null },
    references: file ? [{ name: 'fox.png', url: null, file }] : [],
  });
  if (!id) throw new Error('reserved already');
  if (settled) await ledger.generations.settle(id, null, []);
  return id;
}
