import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readEnvFile } from '../../../src/services/process/env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'env-file-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = '# 机器人的 token\nDISCORD_TOKEN=a.b.c\nLOG_LEVEL="debug" # loud\n\nDEFAULT_MODEL=\n';
const VALUES = { DISCORD_TOKEN: 'a.b.c', LOG_LEVEL: 'debug', DEFAULT_MODEL: '' };
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

test.each([
  ['in UTF-8', Buffer.from(TEXT)],
  ['in UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
  ['with the line ends of Windows', Buffer.from(TEXT.replaceAll('\n', '\r\n'))],
  ['in UTF-16, as Notepad writes it', utf16(`\ufeff${TEXT.replaceAll('\n', '\r\n')}`)],
  ['in UTF-16 of the other byte order', utf16(`\ufeff${TEXT}`).swap16()],
  ['in UTF-16 without a byte order mark', utf16(TEXT)],
])('a file %s is read', (_, bytes) => {
  expect(readEnvFile(written(bytes))).toEqual(VALUES);
});

test('typographic quotes around a value are quotes, also before a comment', () => {
  const text = 'A=“one # two” # three\nexport B = „four“\nC=it’s five\nD=‘six’';
  expect(readEnvFile(written(text))).toEqual({ A: 'one # two', B: 'four', C: 'it’s five', D: 'six' });
});

test('no file means no values', () => {
  expect(readEnvFile(join(folder, 'none'))).toEqual({});
});

test('a file that Windows has called .env.txt is named', () => {
  writeFileSync(join(folder, 'named.txt'), TEXT);
  expect(() => readEnvFile(join(folder, 'named'))).toThrow(
    /there is \S+named\.txt, but no \S+named: rename it$/,
  );
});

test('what can not be read is named in one line', () => {
  const path = join(folder, 'a folder');
  mkdirSync(path);
  expect(() => readEnvFile(path)).toThrow(/a folder can not be read \(EISDIR\)/);
});

function written(content: string | Buffer): string {
  const path = join(folder, '.env');
  writeFileSync(path, content);
  return path;
}
