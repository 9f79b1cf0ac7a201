import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVERYTHING } from '../../../../src/services/ledger/history.ts';
import { createLedgerFile, type LedgerFile } from '../ledger-file.ts';

const SCHEMA_1 = new URL('schema-1.sql', import.meta.url);
const ROWS_1 = `
  INSERT INTO generations VALUES ('g-1', 'i-1', 'app', 'token', 500, 'ann', 'server', 'channel', 'g-0', 'message',
    'channel', 0, 'de', 1000, 'a red fox in the snow', 'gpt-image-2', '16:9', '4k', 'high', 500, 501, NULL, 600);
  INSERT INTO generations VALUES ('g-2', 'i-2', 'app', NULL, 700, 'ann', NULL, NULL, NULL, NULL,
    NULL, 1, 'zh-CN', 1000, '雪中的狐狸', 'nano-banana', 'auto', '1k', NULL, 700, NULL, 701, NULL);
  INSERT INTO tasks VALUES ('t-1', 'g-1', 'delivered', 's-1', 'https://x.example/1.png', NULL, NULL, NULL, 510, 510, 590);
  INSERT INTO tasks VALUES ('t-2', 'g-2', 'completed', 's-2', 'https://x.example/2.png', 't-2.png', NULL, NULL, 710, 710, 790);
  INSERT INTO reference_images VALUES ('g-1', 0, 'fox.png', NULL, 'g-1-reference-1.png');
  PRAGMA user_version = 1;
`;

let file: LedgerFile;
beforeEach(() => {
  const path = join(mkdtempSync(join(tmpdir(), 'schema-1-')), 'imagine.sqlite');
  const db = new DatabaseSync(path);
  db.exec(readFileSync(SCHEMA_1, 'utf8'));
  db.exec(ROWS_1);
  db.close();
  file = createLedgerFile(path);
});
afterEach(() => file.remove());

test('a ledger of the first version keeps its rows; what they lack gets the meaning that they had', async () => {
  expect(await file.ledger.generations.find('g-1')).toEqual({
    generation: {
      id: 'g-1',
      parentId: 'g-0',
      parentUrl: null,
      interactionId: 'i-1',
      applicationId: 'app',
      token: 'token',
      tokenAt: 500,
      userId: 'ann',
      guildId: 'server',
      channelId: 'channel',
      message: { id: 'message', channelId: 'channel' },
      private: false,
      adapted: false,
      named: true,
      lasting: true,
      locale: 'de',
      attachmentSizeLimit: 1000,
      request: {
        prompt: 'a red fox in the snow',
        model: 'gpt-image-2',
        ratio: '16:9',
        resolution: '4k',
        quality: 'high',
        transparent: false,
        count: 1,
      },
      createdAt: 500,
      acknowledgedAt: 501,
      runningLimits: { person: null, member: null, server: null },
      startedAt: 500,
      cancelRequestedAt: null,
      notifiedAt: null,
      settledAt: 600,
      starredAt: null,
    },
    tasks: [
      {
        id: 't-1',
        generationId: 'g-1',
        state: 'delivered',
        serviceTaskId: 's-1',
        imageUrl: 'https://x.example/1.png',
        imageFile: null,
        thumbnailFile: null,
        attachmentId: null,
        reason: null,
        serviceWords: null,
        submittedAt: 510,
        watchedSince: 510,
        endedAt: 590,
        busyUntil: null,
        cost: null,
        answer: null,
      },
    ],
    references: [
      {
        generationId: 'g-1',
        position: 0,
        name: 'fox.png',
        source: 'discord',
        url: null,
        file: 'g-1-reference-1.png',
      },
    ],
  });
});

test('what was unfinished in it is still to be served', async () => {
  expect(await file.ledger.generations.unsettled()).toEqual(['g-2']);
  expect(await file.ledger.leases.claim(10)).toEqual(['g-2']);
  expect((await file.ledger.generations.find('g-2'))?.tasks).toMatchObject([
    { state: 'completed', imageFile: 't-2.png' },
  ]);
});

test('its prompts can be searched, and are gone from the index with their rows', async () => {
  const find = async (search: string) =>
    (await file.ledger.history.sheet('ann', { ...EVERYTHING, search }, null)).items[0]?.generation.id;
  expect(await find('fox')).toBe('g-1');
  expect(await find('狐狸')).toBe('g-2');
  await file.ledger.storedData.forget('ann');
  expect(await find('fox')).toBeUndefined();
  expect(await find('狐狸')).toBe('g-2');
});

test('it takes new requests, and opens again as it is', async () => {
  const id = await file.deliver({ userId: 'ann', request: { prompt: 'a hare', count: 2 } });
  file.reopen();
  expect((await file.ledger.generations.find(id))?.tasks).toHaveLength(2);
  const found = async (search: string) =>
    (await file.ledger.history.sheet('ann', { ...EVERYTHING, search }, null)).items.length;
  expect(await found('hare')).toBe(1);
  expect(await found('')).toBe(3);
});
