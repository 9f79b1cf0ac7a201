import { FetchError } from './fetch-error.ts';

/** Whether a URL contains the image itself (RFC 2397). */
export function isDataUri(url: string): boolean {
  return /^\s*data:/i.test(url.slice(0, HEAD_MAX_CHARACTERS));
}

/**
 * The bytes in a data URI. Its media type is ignored, since only the bytes tell the format. Throws FetchError when
 * there are no data, or more than `maxBytes`.
 */
export function bytesOfDataUri(uri: string, maxBytes: number): Buffer<ArrayBuffer> {
  const comma = uri.slice(0, HEAD_MAX_CHARACTERS).indexOf(',');
  if (comma < 0) throw new FetchError('bad-status', 'The data URI has no data', false);
  const isEscaped = uri.includes('%');
  const isBase64 = /;\s*base64\s*$/i.test(uri.slice(0, comma));
  // Three characters are one byte when percent-encoded.
  if ((uri.length - comma) / (isBase64 ? 4 / 3 : 3) > maxBytes + SLACK_BYTES) throw tooLarge(maxBytes);
  if (isEscaped && uri.length > ESCAPED_MAX_CHARACTERS) throw tooLarge(ESCAPED_MAX_CHARACTERS);
  const bytes = isBase64 ? fromBase64(uri.slice(comma + 1)) : percentDecoded(uri.slice(comma + 1));
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  return bytes;
}

/** Media types are short. */
const HEAD_MAX_CHARACTERS = 1000;
/** Allows for line breaks and padding, which carry no data. */
const SLACK_BYTES = 1024 * 1024;

/** Escapes are decoded character by character, which must not block the event loop. */
const ESCAPED_MAX_CHARACTERS = 4 * 1024 * 1024;

function tooLarge(maxBytes: number): FetchError {
  return new FetchError('too-large', `The image is over ${maxBytes} bytes`, false);
}

/**
 * Node.js skips white space and accepts both base64 alphabets. Base64 that is percent-encoded as well is decoded twice.
 */
function fromBase64(text: string): Buffer<ArrayBuffer> {
  return Buffer.from(text.includes('%') ? percentDecoded(text).toString('latin1') : text, 'base64');
}

function percentDecoded(text: string): Buffer<ArrayBuffer> {
  const bytes = Buffer.allocUnsafeSlow(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const escaped = text[at] === '%' ? Number.parseInt(text.slice(at + 1, at + 3), 16) : Number.NaN;
    bytes[length] = Number.isNaN(escaped) ? text.charCodeAt(at) : escaped;
    length += 1;
    if (!Number.isNaN(escaped)) at += 2;
  }
  return bytes.subarray(0, length);
}
