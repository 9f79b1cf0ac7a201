import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from '../config-error.ts';
import { TYPOGRAPHIC_QUOTES } from '../quotes.ts';

/**
 * The values of a `.env` file, none where there is no such file. Unlike Node's `--env-file` it takes what Windows'
 * Notepad and text processors make of one: a byte order mark, UTF-16, typographic quotes. Throws {@link ConfigError}.
 */
export function readEnvFile(path: string): Record<string, string | undefined> {
  try {
    return parseEnv(straightened(decode(readFileSync(path))));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code !== 'ENOENT')
      throw new ConfigError([
        `${path} can not be read (${code}): it must be a file that the bot's user may read`,
      ]);
    if (existsSync(`${path}.txt`)) throw new ConfigError([`there is ${path}.txt, but no ${path}: rename it`]);
    return {};
  }
}

function decode(bytes: Buffer): string {
  const encoding = encodingOf(bytes);
  // Without its byte order mark, which TextDecoder takes away.
  return new TextDecoder(encoding).decode(bytes);
}

/** By its byte order mark, or by where the zero bytes of ASCII letters lie. */
function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

/** Typographic quotes around a value become straight ones, so that a comment may follow. */
function straightened(text: string): string {
  return text.replace(QUOTED_VALUE, '$1"$2"');
}

const QUOTED_VALUE = new RegExp(
  `^(\\s*(?:export\\s+)?\\w+\\s*=\\s*)[${TYPOGRAPHIC_QUOTES}]([^"${TYPOGRAPHIC_QUOTES}\\n]*)[${TYPOGRAPHIC_QUOTES}]`,
  'gmu',
);
