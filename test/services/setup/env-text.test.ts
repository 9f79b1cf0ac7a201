import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EnvTextError, setEnvValues } from '../../../src/services/setup/env-text.ts';

const EXAMPLE = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');

test('of .env.example only the lines of the values change', () => {
  const edited = setEnvValues(EXAMPLE, { DISCORD_TOKEN: 'a.b-c_d', TOTAL_PER_DAY: '500' });
  const changed = edited.split('\n').filter((line, index) => line !== EXAMPLE.split('\n')[index]);
  expect(changed).toEqual(['DISCORD_TOKEN=a.b-c_d', 'TOTAL_PER_DAY=500']);
});

test.each([
  ['an assignment', 'A=1\nB=2\nC=3\n', 'A=1\nB=new\nC=3\n'],
  ['the last of several, which is the one that counts', 'B=1\nB=2\n', 'B=1\nB=new\n'],
  ['one with spaces and export', '  export B = 2\nC=3', '  export B =new\nC=3'],
  ['one in quotes', 'B="2"\nC=3\n', 'B=new\nC=3\n'],
  ['one in quotes over several lines', 'B="1\nC=2\n" # why\nD=3\n', 'B=new # why\nD=3\n'],
  ['one with a comment after it', 'B=2 # why\n', 'B=new # why\n'],
  ['one whose value in quotes has a # in it', "B='#2' # why\n", 'B=new # why\n'],
  ['a suggestion', '# What B is for\n#B=0\nC=3\n', '# What B is for\nB=new\nC=3\n'],
  ['the assignment rather than the suggestion', '#B=0\nB=2\n', '#B=0\nB=new\n'],
  ['no comment that is about it', '#B=0 was too much\n', '#B=0 was too much\nB=new\n'],
  ['no line of another value', 'A="\nB=2\n"\n', 'A="\nB=2\n"\nB=new\n'],
  ['nothing, but goes to the end', 'A=1', 'A=1\nB=new\n'],
  ['nothing in an empty file', '', 'B=new\n'],
  ['a line that ends as on Windows', 'A=1\r\nB=2\r\nC=3\r\n', 'A=1\r\nB=new\r\nC=3\r\n'],
  ['nothing on Windows', 'A=1\r\n', 'A=1\r\nB=new\r\n'],
])('a value takes the place of %s', (_, before, after) => {
  expect(setEnvValues(before, { B: 'new' })).toBe(after);
});

test('a line that already says so stays as it is written', () => {
  expect(setEnvValues('B = "same" # why\n', { B: 'same' })).toBe('B = "same" # why\n');
});

test('a value gets quotes only where it needs them', () => {
  const values = { A: 'MTA.x-y_z', B: 'a#b', C: "it's", D: '$HOME', E: '"\'' };
  expect(setEnvValues('', values)).toBe(`A=MTA.x-y_z\nB='a#b'\nC="it's"\nD='$HOME'\nE=\`"'\`\n`);
});

test('what no .env can hold is refused, without being quoted', () => {
  expect(() => setEnvValues('', { KEY: '\'"`secret' })).toThrow(EnvTextError);
  expect(() => setEnvValues('', { KEY: '\'"`secret' })).toThrow(/^(?!.*secret)/);
});

test('a file whose other values would change with it is left alone', () => {
  // Node.js takes the next line for the value of A.
  expect(() => setEnvValues('A= \nB=2\n', { B: 'new' })).toThrow(/would change A/);
});

test('whatever is in a .env, each value can be read again and all else is as before, or it is refused', () => {
  const piece = fc.constantFrom('A', 'B', '=', '"', "'", '`', '#', ' ', '\n', '\r\n', 'export ', '\\n', 'x');
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  const secret = fc.stringMatching(/^[\x21-\x7e]+$/);
  fc.assert(
    fc.property(text, secret, (before, value) => {
      const after = editedOrRefused(before, value);
      if (after !== null) expect(parseEnv(after)).toEqual({ ...parseEnv(before), B: value });
    }),
  );
});

function editedOrRefused(before: string, value: string): string | null {
  try {
    return setEnvValues(before, { B: value });
  } catch (error) {
    if (error instanceof EnvTextError) return null;
    throw error;
  }
}
