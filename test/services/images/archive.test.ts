import { randomBytes } from 'node:crypto';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { createArchive } from '../../../src/services/images/archive.ts';

test('what is put into a ZIP comes out of it, under its name', async () => {
  const files = { 'a-fox.png': randomBytes(1_300_000), '雪中的狐狸.webp': randomBytes(10) };
  const archive = createArchive(async () => undefined);
  for (const [name, bytes] of Object.entries(files)) await archive.add(name, bytes, Date.UTC(2026, 5, 1));
  expect(archive.files).toBe(2);
  const found = unzipSync(archive.end());
  expect(Object.keys(found)).toEqual(Object.keys(files));
  for (const [name, bytes] of Object.entries(files))
    expect(bytes.equals(found[name] ?? new Uint8Array())).toBe(true);
});

test('it is never larger than what it says it has room for', async () => {
  const limit = 5000;
  const archive = createArchive(async () => undefined);
  const bytes = randomBytes(100);
  for (let number = 1; archive.hasRoomFor(`雪-${number}.png`, bytes, limit); number += 1)
    await archive.add(`雪-${number}.png`, bytes, 0);
  expect(archive.files).toBeGreaterThan(5);
  expect(archive.end().length).toBeLessThanOrEqual(limit);
});

test('a time that a ZIP can not hold does not keep an image out of it', async () => {
  const archive = createArchive(async () => undefined);
  for (const time of [0, Date.UTC(2200, 0, 1)]) await archive.add(`${time}.png`, randomBytes(10), time);
  expect(Object.keys(unzipSync(archive.end()))).toHaveLength(2);
});

test('others have a turn while a large file goes in', async () => {
  let breaks = 0;
  const archive = createArchive(async () => {
    breaks += 1;
  });
  await archive.add('large.png', new Uint8Array(4 * 1024 * 1024), 0);
  expect(breaks).toBe(8);
});
