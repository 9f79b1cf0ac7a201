import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from '../config-error.ts';
import { TYPOGRAPHIC_QUOTES } from '../quotes.ts';
import { linesOf } from './env-lines.ts';

/** The values of a `.env` file; none if there is no such file. Throws {@link ConfigError}. */
export function readEnvFile(path: string): Record<string, string | undefined> {
  const text = readEnvText(path);
  return text === null ? {} : parseEnv(text);
}

/**
 * The text of a `.env` file in a form that Node.js understands; null if there is none. Unlike Node's `--env-file`, this
 * accepts files from Windows' Notepad, word processors and input methods: a byte order mark, UTF-16, typographic
 * quotes, a full-width ＝, and other kinds of spaces and line ends. Refuses a line that names a setting but sets
 * nothing, which would otherwise be ignored silently. Throws {@link ConfigError}.
 */
export function readEnvText(path: string): string | null {
  const bytes = bytesOf(path);
  if (bytes === null) return null;
  const text = mended(decode(bytes));
  const problems = [...linesInVain(text, path), ...valuesOfOtherEncoding(text, path)];
  if (problems.length > 0) throw new ConfigError(problems);
  return text;
}

function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code !== 'ENOENT')
      throw new ConfigError([
        `${path} cannot be read (${code}): it must be a file that the bot's user may read`,
      ]);
    if (existsSync(`${path}.txt`)) throw new ConfigError([`there is ${path}.txt, but no ${path}: rename it`]);
    return null;
  }
}

function decode(bytes: Buffer): string {
  const encoding = encodingOf(bytes);
  // TextDecoder removes the byte order mark.
  return new TextDecoder(encoding).decode(bytes);
}

/** Detects the encoding by the byte order mark, or by the positions of the zero bytes of ASCII letters. */
function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

/** Typographic quotes around a value become straight ones, so that a comment may follow. */
function mended(text: string): string {
  return text
    .replace(ODD_LINE_END, '\n')
    .replace(SETTING, (written, exported, name) => {
      if (ORDINARY_SETTING.test(written)) return written;
      return `${exported ? 'export ' : ''}${name.replace(INVISIBLE, '')}=`;
    })
    .replace(QUOTED_VALUE, '$1"$2"');
}

const ODD_LINE_END = /\r(?!\n)|[\u0085\u2028\u2029]/g;
const INVISIBLE = /\p{Cf}/gu;
/** The part before a value, with any characters that look like nothing or like =. */
const SETTING =
  /^(?:[^\S\r\n]|\p{Cf})*(export[^\S\r\n]+)?([\w.-][\w.\p{Cf}-]*)[^\S\r\n]*[=＝](?:[^\S\r\n]|\p{Cf})*/gmu;
const ORDINARY_SETTING = /^ *(?:export )?[\w.-]+ *= *$/;
const QUOTED_VALUE = new RegExp(
  `^(\\s*(?:export\\s+)?\\w+\\s*=\\s*)[${TYPOGRAPHIC_QUOTES}]([^"${TYPOGRAPHIC_QUOTES}\\n]*)[${TYPOGRAPHIC_QUOTES}]`,
  'gmu',
);

/** `TOTAL_PER_DAY: 100` or `set TOTAL_PER_DAY=100`, which would silently set no limit. */
function linesInVain(text: string, path: string): string[] {
  let number = 1;
  return linesOf(text).flatMap((line) => {
    const at = number;
    number += line.text.split('\n').length - 1;
    const name = line.assigns === null && !COMMENT.test(line.text) && NAME.exec(line.text)?.[0];
    return name ? [`${name} is not set by line ${at} of ${path}: write it as ${name}=value`] : [];
  });
}

const COMMENT = /^\s*(?:[#＃;]|\/\/)/;
const NAME = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/;

function valuesOfOtherEncoding(text: string, path: string): string[] {
  return Object.entries(parseEnv(text))
    .filter(([, value]) => value?.includes(UNREADABLE))
    .map(([name]) => `${name} in ${path} is written in an encoding other than UTF-8: save the file as UTF-8`);
}

/** TextDecoder's replacement for bytes that it can't read. */
const UNREADABLE = '\ufffd';
