import { parseEnv } from 'node:util';

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

interface Line {
  /** With its line end. */
  readonly text: string;
  /** The name that it gives a value to, if any. */
  readonly assigns: string | null;
}

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*/;
const LINE_END = /\r?\n$/;

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

/** Whole assignments: a value in quotes may go over several lines, which are none of their own. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let rest = text; rest !== ''; ) {
    const start = ASSIGNMENT.exec(rest);
    const end = endOfLine(rest, start ? endOfQuoted(rest, start[0].length) : 0);
    lines.push({ text: rest.slice(0, end), assigns: start?.[1] ?? null });
    rest = rest.slice(end);
  }
  return lines;
}

/** Where a value that begins here in quotes has ended; where it has none, it ends with its line. */
function endOfQuoted(text: string, from: number): number {
  const quote = text.charAt(from);
  if (!QUOTES.includes(quote)) return from;
  const closing = text.indexOf(quote, from + 1);
  return closing < 0 ? from : closing + 1;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
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

const QUOTES = `'"\``;

/** In quotes only where it must be: `docker run --env-file` takes them as a part of the value. */
function quoted(name: string, value: string): string {
  if (/^[\w.~+/=:@%,-]+$/.test(value)) return value;
  const quote = [...QUOTES].find((character) => !value.includes(character));
  if (quote !== undefined) return `${quote}${value}${quote}`;
  throw new EnvTextError(`${name} has all three kinds of quotes in it, which no .env can hold`);
}

/** However a .env is written, Node.js has the last word on what it says. */
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
