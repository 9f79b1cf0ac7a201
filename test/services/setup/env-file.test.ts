import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EnvFile, envFileAt } from '../../../src/services/setup/env-file.ts';

let folder: string;
let file: EnvFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imagine-setup-'));
  file = envFileAt(join(folder, '.env'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('there is none before the first write, and then one that its owner alone can read', () => {
  expect(file.read()).toBeNull();
  file.write('A=1\n');
  expect(file.read()).toBe('A=1\n');
  expect(modeOf(file.path)).toBe('600');
  expect(readdirSync(folder)).toEqual(['.env']);
});

test('one in UTF-16, with a setting in other signs, is read as the start reads it', () => {
  writeFileSync(file.path, Buffer.from('\ufeffTOTAL_PER_DAY＝“5”\r\n', 'utf16le'));
  expect(file.read()).toBe('TOTAL_PER_DAY="5"\r\n');
});

test('one that everybody could read is replaced by one that its owner alone can', () => {
  writeFileSync(file.path, 'A=1\n', { mode: 0o644 });
  file.write('A=2\n');
  expect(modeOf(file.path)).toBe('600');
});

test('what a killed process has left half written is neither used nor kept', () => {
  writeFileSync(`${file.path}.part`, 'half', { mode: 0o644 });
  file.write('A=2\n');
  expect(file.read()).toBe('A=2\n');
  expect(modeOf(file.path)).toBe('600');
  expect(readdirSync(folder)).toEqual(['.env']);
});

test('a link stays one, and what it leads to is replaced', () => {
  const target = join(folder, 'elsewhere');
  writeFileSync(target, 'A=1\n');
  symlinkSync(target, file.path);
  file.write('A=2\n');
  expect(lstatSync(file.path).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, 'utf8')).toBe('A=2\n');
});

test('where it cannot be replaced, nothing else is left behind', () => {
  mkdirSync(file.path);
  expect(() => file.read()).toThrow(/EISDIR/);
  expect(() => file.write('A=1\n')).toThrow();
  expect(readdirSync(folder)).toEqual(['.env']);
});
