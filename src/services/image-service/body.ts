import { condense } from './condense.ts';
import { inlineImageIn } from './envelope.ts';

/** What an answer's body says. */
export interface Body {
  /** Condensed; undefined where it is no JSON. */
  readonly json: unknown;
  /** The image that stands in the answer itself, as a data URI, where it was asked for. */
  readonly image: string | null;
}

/** What is wanted of a body. */
export interface Reading {
  readonly wantsImage?: boolean | undefined;
  /** Of each list; the usual few where it isn't given. */
  readonly entriesMax?: number | undefined;
}

/** Each may begin a value, and so a piece of memory: no image needs many of them, however large it is. */
const MARKS_MAX = 1_000_000;
const MARKS: ReadonlySet<number> = new Set(Array.from('{[,:', (mark) => mark.charCodeAt(0)));

/** Reads a body in one go. A large one takes longer than the event loop may wait. */
export function readBody(bytes: Uint8Array, secret: string, reading: Reading = {}): Body {
  if (hasTooManyMarks(bytes)) return { json: undefined, image: null };
  const text = new TextDecoder().decode(bytes);
  const { wantsImage, entriesMax } = reading;
  const whole = () => condense(text, secret, { textMax: Number.POSITIVE_INFINITY });
  return { json: condense(text, secret, { entriesMax }), image: wantsImage ? inlineImageIn(whole()) : null };
}

function hasTooManyMarks(bytes: Uint8Array): boolean {
  if (bytes.length <= MARKS_MAX) return false;
  let marks = 0;
  for (const byte of bytes) if (MARKS.has(byte)) marks += 1;
  return marks > MARKS_MAX;
}
