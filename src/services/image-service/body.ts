import { readSignature } from '../images/signature.ts';
import { condense } from './condense.ts';
import { inlineImageIn } from './envelope.ts';
import { finalEventIn } from './final-event.ts';

/** The parsed body of an answer. */
export interface Body {
  /** The condensed JSON; undefined when the body isn't JSON. */
  readonly json: unknown;
  /** The image that the answer contains or is, as a data URI; only if it was asked for. */
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
  const { wantsImage, entriesMax } = reading;
  const file = wantsImage ? readSignature(bytes) : null;
  if (file && 'format' in file) return { json: undefined, image: dataUri(file.format, bytes) };
  if (hasTooManyMarks(bytes)) return { json: undefined, image: null };
  const body = new TextDecoder().decode(bytes);
  const text = finalEventIn(body) ?? body;
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

function dataUri(format: string, bytes: Uint8Array): string {
  return `data:image/${format};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;
}
