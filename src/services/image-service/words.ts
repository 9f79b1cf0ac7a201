/** The fields of an object in which the service's words were seen, the likeliest first. */
const PLACES = [
  'message',
  'msg',
  'error_message',
  'error_msg',
  'fail_reason',
  'failure_reason',
  'reason',
  'detail',
  'details',
  'description',
  'error',
  'errors',
  'title',
] as const;
const CODES = ['code', 'type', 'error_code'] as const;

const WORDS_MAX_CHARACTERS = 2000;
const SEVERAL_MAX = 3;

/**
 * The readable words in a value of the service's JSON: a text as it is, or an object's message, with its code if that
 * is a word. Null when there are no words. Never JSON, and short enough for patterns and terminals.
 */
export function wordsOf(value: unknown): string | null {
  if (typeof value === 'string') return readable(value).trim() || null;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    const several = value.slice(0, SEVERAL_MAX).flatMap((entry) => wordsOf(entry) ?? []);
    return readable(several.join('; ')) || null;
  }
  return wordsOfObject(value as Record<string, unknown>);
}

function wordsOfObject(fields: Record<string, unknown>): string | null {
  const message = firstWords(PLACES.map((place) => own(fields, place)));
  const code = CODES.map((place) => own(fields, place)).find(isWord) ?? null;
  if (message === null) return code;
  return code === null || message.includes(code) ? message : readable(`${message} (${code})`);
}

/** The words of the first value that has any. A number counts only when no other value has words. */
export function firstWords(values: readonly unknown[]): string | null {
  const said = values.flatMap((value) => wordsOf(value) ?? []);
  return said.find((words) => !/^-?[\d.]+$/.test(words)) ?? said[0] ?? null;
}

/** A code such as `content_policy_violation` explains something; a number doesn't. */
function isWord(code: unknown): code is string {
  return typeof code === 'string' && /^[a-z][\w.:-]{2,80}$/i.test(code);
}

function own(fields: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : null;
}

/** Cuts the text, since a megabyte of words would block patterns, terminals and readers. */
export function readable(text: string): string {
  return text
    .slice(0, WORDS_MAX_CHARACTERS)
    .toWellFormed()
    .replace(/[\p{Cc}--[\t\n\r]]/gv, ' ');
}
