import { inlineImageIn } from './answers.ts';
import { condense } from './condense.ts';

/** What an answer's body says. */
export interface Body {
  /** Condensed; undefined where it is no JSON. */
  readonly json: unknown;
  /** The image that stands in the answer itself, as a data URI, where it was asked for. */
  readonly image: string | null;
}

/** Each may begin a value, and so a piece of memory: no image needs many of them, however large it is. */
const MARKS_MAX = 1_000_000;
const MARKS: ReadonlySet<number> = new Set(Array.from('{[,:', (mark) => mark.charCodeAt(0)));

/** Reads a body in one go. A large one takes longer than the event loop may wait. */
export function readBody(bytes: Uint8Array, secret: string, wantsImage: boolean): Body {
  if (hasTooManyMarks(bytes)) return { json: undefined, image: null };
  const text = new TextDecoder().decode(bytes);
  const image = wantsImage ? inlineImageIn(condense(text, secret, Number.POSITIVE_INFINITY)) : null;
  return { json: condense(text, secret), image };
}

function hasTooManyMarks(bytes: Uint8Array): boolean {
  if (bytes.length <= MARKS_MAX) return false;
  let marks = 0;
  for (const byte of bytes) if (MARKS.has(byte)) marks += 1;
  return marks > MARKS_MAX;
}
