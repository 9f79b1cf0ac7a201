import sharp from 'sharp';
import { expect } from 'vitest';
import type { Misbehaviour } from '../../../sandbox/jimmyai/index.ts';
import { test as base, HOUR_MS } from './client.ts';

const test = base.extend('complete', ({ jimmy, client, clock }) => async (misbehaviour: Misbehaviour) => {
  jimmy.misbehave(misbehaviour);
  const id = await client.start();
  clock.advance(HOUR_MS);
  return id;
});

test('HTML or text instead of it', async ({ client, complete }) => {
  const html = await complete({ kind: 'not-an-image', as: 'html' });
  const text = await complete({ kind: 'not-an-image', as: 'text' });
  expect(await client.download(html)).toMatchObject({ status: 200, type: 'text/html' });
  const { type, bytes } = await client.download(text);
  expect(type).toBe('image/png');
  await expect(sharp(bytes).metadata()).rejects.toThrow('unsupported image format');
});

test('half of it', async ({ client, complete }) => {
  const { status, bytes } = await client.download(await complete({ kind: 'truncated-image' }));
  expect(status).toBe(200);
  await expect(sharp(bytes, { failOn: 'truncated' }).toBuffer()).rejects.toThrow();
});

test('gone at once', async ({ client, complete }) => {
  const id = await complete({ kind: 'expired-image' });
  expect((await client.download(id)).status).toBe(404);
  expect((await client.data(id)).status).toBe('completed');
});

test('there once, then gone', async ({ client, complete }) => {
  const id = await complete({ kind: 'expired-image', afterDownloads: 1 });
  expect([(await client.download(id)).status, (await client.download(id)).status]).toEqual([200, 404]);
});

test('more than 10 MiB of it', async ({ client, complete }) => {
  const { bytes } = await client.download(await complete({ kind: 'huge-image' }));
  expect(bytes.length).toBeGreaterThan(10 * 1024 * 1024);
  expect((await sharp(bytes).metadata()).format).toBe('png');
});

test('cut halfway, then whole', async ({ jimmy, client, complete }) => {
  const id = await complete({ kind: 'dropped', at: 'download' });
  await expect(client.download(id)).rejects.toThrow('terminated');
  expect((await client.download(id)).status).toBe(200);
  expect(jimmy.tasks[0]?.downloads).toBe(2);
});

test('503, then whole', async ({ client, complete }) => {
  const id = await complete({ kind: 'unavailable', at: 'download' });
  expect([(await client.download(id)).status, (await client.download(id)).status]).toEqual([503, 200]);
});

test('not there yet, then whole', async ({ client, complete }) => {
  const id = await complete({ kind: 'late-image', downloads: 2 });
  const statuses = [await client.download(id), await client.download(id), await client.download(id)];
  expect(statuses.map(({ status }) => status)).toEqual([404, 404, 200]);
  const forbidden = await complete({ kind: 'late-image', downloads: 1, status: 403 });
  expect((await client.download(forbidden)).status).toBe(403);
});

test('half of it, or nothing, and whole the next time', async ({ client, complete }) => {
  const half = await complete({ kind: 'truncated-image', downloads: 1 });
  const [first, second] = [await client.download(half), await client.download(half)];
  expect(first.bytes.length).toBeLessThan(second.bytes.length);
  const empty = await complete({ kind: 'not-an-image', as: 'nothing', downloads: 1 });
  expect((await client.download(empty)).bytes).toHaveLength(0);
  expect((await client.download(empty)).bytes.length).toBeGreaterThan(0);
});

test('a file of one’s own', async ({ client, complete }) => {
  const id = await complete({ kind: 'given-image', bytes: Buffer.from('mine'), mime: 'image/x-mine' });
  expect(await client.download(id)).toMatchObject({ type: 'image/x-mine', bytes: Buffer.from('mine') });
});
