import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileStore } from '../../../src/services/images/file-store.ts';

const isUsed = async (name: string) => name === 'wanted.png';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

test('what is saved can be read until it is removed', async () => {
  const files = createFileStore(join(parent, 'made-when-needed'), isUsed);
  await files.save('a.png', Buffer.from('bytes'));
  expect(await files.read('a.png')).toEqual(Buffer.from('bytes'));
  await files.remove('a.png');
  expect(await files.read('a.png')).toBeNull();
});

test('a file that is not there, or no longer, is no error', async () => {
  const files = createFileStore(join(parent, 'absent'), isUsed);
  expect(await files.read('a.png')).toBeNull();
  await files.remove('a.png');
  expect(await files.removeUnused()).toBe(0);
});

test('a file that cannot be read is an error', async () => {
  const files = createFileStore(parent, isUsed);
  await expect(files.read('.')).rejects.toThrow(/EISDIR/);
});

test('what no row names is removed, half-written files among it', async () => {
  const files = createFileStore(parent, isUsed);
  await files.save('wanted.png', Buffer.from('1'));
  await files.save('stray.png', Buffer.from('2'));
  writeFileSync(join(parent, 'other.png.part'), '3');
  expect(await files.removeUnused()).toBe(2);
  expect(readdirSync(parent)).toEqual(['wanted.png']);
});
