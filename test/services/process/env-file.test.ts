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

test.each([
  ['of a zero-width space before it', '\u200bTOTAL_PER_DAY=5'],
  ['of a zero-width space in it', 'TOTAL_\u200bPER_DAY\u200b=5'],
  ['of no-break spaces around it', '\u00a0TOTAL_PER_DAY\u00a0=\u00a05'],
  ['of a = of full width', 'TOTAL_PER_DAY＝5'],
  ['of export with a tab', 'export\tTOTAL_PER_DAY=5'],
  ['of export with spaces', '  export  TOTAL_PER_DAY = 5'],
  ['of quotes after a no-break space', 'TOTAL_PER_DAY=\u00a0"5" # five'],
])('a setting is not missed because %s', (_, line) => {
  expect(readEnvFile(written(`A=1\n${line}\r\nB=2\n`))).toEqual({ A: '1', TOTAL_PER_DAY: '5', B: '2' });
});

test.each(['\r', '\u2028', '\u2029', '\u0085'])('lines may end in %j', (end) => {
  expect(readEnvFile(written(['A=1', '# two', 'B=3', ''].join(end)))).toEqual({ A: '1', B: '3' });
});

test.each([
  'TOTAL_PER_DAY: 5',
  'set TOTAL_PER_DAY=5',
  '$env:TOTAL_PER_DAY="5"',
  'TOTAL_PER_DAY 5',
  '- TOTAL_PER_DAY=5',
])('a line that sets nothing, %s, is refused by its name and number', (line) => {
  expect(() => readEnvFile(written(`A="1\n2"\n\n${line}\n`))).toThrow(
    /^TOTAL_PER_DAY is not set by line 4 of \S+: write it as TOTAL_PER_DAY=value$/,
  );
});

test('lines of words, comments of other languages and values of several lines stand in nobody’s way', () => {
  const text =
    'My bot\n; DISCORD_TOKEN below\n// USER_PER_DAY\n＃TOTAL_PER_DAY=1\nA="x\nTOTAL_PER_DAY: 5\n"\n';
  expect(readEnvFile(written(text)).A).toBe('x\nTOTAL_PER_DAY: 5\n');
});

test('a value of another encoding is named, and a comment in one does not matter', () => {
  const gbk = Buffer.from([0xc4, 0xe3, 0xba, 0xc3, 0x0a]);
  const comment = Buffer.concat([Buffer.from('# '), gbk, Buffer.from('A=1\n')]);
  expect(readEnvFile(written(comment))).toEqual({ A: '1' });
  const value = Buffer.concat([comment, Buffer.from('DATABASE_PATH=./'), gbk]);
  expect(() => readEnvFile(written(value))).toThrow(
    /^DATABASE_PATH in \S+ is written in an encoding other than/,
  );
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

test('what cannot be read is named in one line', () => {
  const path = join(folder, 'a folder');
  mkdirSync(path);
  expect(() => readEnvFile(path)).toThrow(/a folder cannot be read \(EISDIR\)/);
});

function written(content: string | Buffer): string {
  const path = join(folder, '.env');
  writeFileSync(path, content);
  return path;
}
