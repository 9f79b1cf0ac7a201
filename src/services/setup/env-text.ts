import { parseEnv } from 'node:util';
import { ASSIGNMENT, endOfQuoted, LINE_END, type Line, linesOf, QUOTES } from '../process/env-lines.ts';

/** Why a .env can't be written as wanted; its message is for the operator and carries no value. */
export class EnvTextError extends Error {
  override readonly name = 'EnvTextError';
}

/**
 * Sets values in the text of a .env. Each takes the place of the assignment that counts (the last one) or of the
 * commented suggestion `#NAME=…`, and otherwise goes to the end; every other line stays as it is.
 */
export function setEnvValues(text: string, values: Readonly<Record<string, string>>): string {
  const before = parseEnv(text);
  const changed = Object.entries(values).filter(([name, value]) => before[name] !== value);
  const after = changed.reduce((edited, [name, value]) => setEnvValue(edited, name, value), text);
  expectNothingElseChanged(before, values, parseEnv(after));
  return after;
}

function setEnvValue(text: string, name: string, value: string): string {
  const lines = linesOf(text);
  const assigned = lines.findLastIndex(({ assigns }) => assigns === name);
  const place = assigned >= 0 ? assigned : lines.findIndex((line) => isSuggestion(line, name));
  const written = quoted(name, value);
  const old = lines[place];
  if (!old) {
    const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
    const separator = text === '' || text.endsWith('\n') ? '' : lineEnd;
    return `${text}${separator}${name}=${written}${lineEnd}`;
  }
  const [lineEnd = ''] = LINE_END.exec(old.text) ?? [];
  const [start = `${name}=`] = (assigned >= 0 && ASSIGNMENT.exec(old.text)) || [];
  const line = `${start.trimEnd()}${written}${assigned >= 0 ? commentAfter(old.text) : ''}${lineEnd}`;
  return lines.map(({ text }, index) => (index === place ? line : text)).join('');
}

/** As in .env.example: nothing between # and the name, and no words after it. */
function isSuggestion({ text }: Line, name: string): boolean {
  return text.startsWith(`#${name}=`) && !/\s/.test(text.replace(LINE_END, ''));
}

function commentAfter(line: string): string {
  const [start = ''] = ASSIGNMENT.exec(line) ?? [];
  const value = line.replace(LINE_END, '').slice(start.length);
  return /\s*#[^\n]*$/.exec(value.slice(endOfQuoted(value, 0)))?.[0] ?? '';
}

/** Quoted only if necessary, because `docker run --env-file` takes quotes as a part of the value. */
function quoted(name: string, value: string): string {
  if (/^[\w.~+/=:@%,-]+$/.test(value)) return value;
  const quote = [...QUOTES].find((character) => !value.includes(character));
  if (quote !== undefined) return `${quote}${value}${quote}`;
  throw new EnvTextError(`${name} has all three kinds of quotes in it, which no .env can hold`);
}

/** Checks the result with Node.js, which decides what a .env means. */
function expectNothingElseChanged(
  before: NodeJS.Dict<string>,
  values: Readonly<Record<string, string>>,
  after: NodeJS.Dict<string>,
): void {
  const wanted = { ...before, ...values };
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(after)])) {
    if (after[name] === wanted[name]) continue;
    throw new EnvTextError(
      `.env is written in a way that would change ${name} along with the rest; move it aside, and fill in a copy of .env.example`,
    );
  }
}
