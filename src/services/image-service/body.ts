import { condense } from './condense.ts';
import { inlineImageIn } from './envelope.ts';

/** The parsed body of an answer. */
export interface Body {
  /** The condensed JSON; undefined when the body isn't JSON. */
  readonly json: unknown;
  /** The image that the answer itself contains, as a data URI; only if it was asked for. */
  readonly image: string | null;
}

/** The parts of a body that the caller wants. */
export interface Reading {
  readonly wantsImage?: boolean | undefined;
  /** The most entries to keep of each list; by default few. */
  readonly entriesMax?: number | undefined;
}

/** Each of these characters may begin a value and take memory. An image needs few of them, however large it is. */
const MARKS_MAX = 1_000_000;
const MARKS: ReadonlySet<number> = new Set(Array.from('{[,:', (mark) => mark.charCodeAt(0)));

/** Parses a body in one go. A large one would block the event loop for too long. */
export function readBody(bytes: Uint8Array, secret: string, reading: Reading = {}): Body {
  if (hasTooManyMarks(bytes)) return { json: undefined, image: null };
  const text = new TextDecoder().decode(bytes);
  const { wantsImage, entriesMax } = reading;
  // Nobody reads an image's bytes, and a short secret may be among them by chance.
  const whole = () => condense(text, '', { textMax: Number.POSITIVE_INFINITY });
  return { json: condense(text, secret, { entriesMax }), image: wantsImage ? inlineImageIn(whole()) : null };
}

function hasTooManyMarks(bytes: Uint8Array): boolean {
  if (bytes.length <= MARKS_MAX) return false;
  let marks = 0;
  for (const byte of bytes) if (MARKS.has(byte)) marks += 1;
  return marks > MARKS_MAX;
}
