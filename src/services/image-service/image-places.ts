import { readSignature } from '../images/signature.ts';

/** A text that may be an image: its URL, or its bytes in base64. */
export interface Place {
  readonly text: string;
  readonly holdsBytes: boolean;
  /** Whether the text may be a URL without a scheme. */
  readonly isAddress: boolean;
}

const BASE64_NAMES = ['b64_json', 'b64', 'base64', 'image_base64'];
/** The field names for the image in a task's result, the documented ones first. */
const NAMES = [
  ...['image_url', 'image_urls', 'url', 'urls', 'media_url', 'result_url', 'result_urls'],
  ...BASE64_NAMES,
  ...['image', 'images', 'output', 'outputs', 'data', 'results', 'files', 'file'],
  ...['output_url', 'file_url', 'download_url', 'uri', 'src', 'link'],
];
/** The field names beside the result. There a task also repeats its request, and the references are not results. */
const NAMES_BESIDE = [
  ...['image_url', 'image_urls', 'result_url', 'result_urls', ...BASE64_NAMES],
  ...['output', 'outputs', 'output_url', 'results', 'data', 'url', 'media_url', 'download_url'],
];
const ADDRESS_NAMES: ReadonlySet<string> = new Set(['image_url', 'image_urls']);
const DEPTH_MAX = 5;

/** Every place in a finished task where services put the image. */
export function imagePlaces(task: unknown): Place[] {
  if (Array.isArray(task)) return placesIn(task, '', NAMES, 0);
  if (!isObject(task)) return [];
  const described = [task.images, task.image].flat().filter(isObject);
  return [
    ...placesIn(task.result, '', NAMES, 0),
    ...placesIn(task, '', NAMES_BESIDE, 0),
    // Only objects: references are repeated as the plain texts that the bot sent.
    ...placesIn(described, '', NAMES, 0),
  ];
}

function placesIn(value: unknown, name: string, names: readonly string[], depth: number): Place[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [placeOf(value.trim(), name)];
  if (depth > DEPTH_MAX) return [];
  if (Array.isArray(value)) return value.flatMap((entry) => placesIn(entry, name, NAMES, depth + 1));
  if (!isObject(value)) return [];
  return names.flatMap((inside) =>
    Object.hasOwn(value, inside) ? placesIn(value[inside], inside, NAMES, depth + 1) : [],
  );
}

function placeOf(text: string, name: string): Place {
  return {
    text,
    holdsBytes: BASE64_NAMES.includes(name) && !/^https?:/i.test(text),
    isAddress: ADDRESS_NAMES.has(name),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The http(s) URL in a place, resolved against the service's; null when it isn't one. */
export function addressIn({ text, holdsBytes, isAddress }: Place, baseUrl: URL): string | null {
  if (holdsBytes || text.length > ADDRESS_MAX_CHARACTERS) return null;
  if (!isAddress && !/^(?:https?:\/\/|\/)/i.test(text)) return null;
  if (bytesIn({ text, holdsBytes, isAddress }) !== null) return null;
  // Some services escape their URLs as for HTML.
  const url = URL.parse(text.replaceAll('&amp;', '&'), baseUrl);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : null;
}

/** Longer than any signed URL, and short enough for the ledger. */
const ADDRESS_MAX_CHARACTERS = 8192;
/** Enough for a type and its parameters. */
const HEAD_MAX_CHARACTERS = 200;
/** The head of a data URI as some services write it: with blanks, without its scheme, in quotes, or twice. */
const HEAD = /^(?:["']?\s*(?:data:)?\s*([\w.+/-]*)\s*(?:;[^,;]*)*;\s*base64\s*,\s*){1,2}/i;
/** Even a picture of one pixel is longer, so a shorter text is a path or a word. */
const BARE_MIN_CHARACTERS = 60;

/** The image that a place itself contains, as a data URI; null when it contains none. */
export function bytesIn({ text, holdsBytes }: Place): string | null {
  const head = HEAD.exec(text.slice(0, HEAD_MAX_CHARACTERS));
  if (head) return dataUri(head[1]?.toLowerCase() ?? '', text.slice(head[0].length));
  // A percent-encoded data URI.
  if (/^data:image\//i.test(text)) return text;
  if (/^data:/i.test(text)) return null;
  const isBare = text.length >= BARE_MIN_CHARACTERS && formatOf(text) !== null;
  return holdsBytes || isBare ? dataUri('', text) : null;
}

function dataUri(type: string, base64: string): string {
  const format = formatOf(base64);
  const mime = format ? `image/${format}` : type.startsWith('image/') ? type : 'application/octet-stream';
  return `data:${mime};base64,${base64}`;
}

/** The image format by the first bytes, which may end within a list of brands. */
function formatOf(base64: string): string | null {
  const beginning = base64.slice(0, 64);
  if (!/^[\w+/=\s-]+$/.test(beginning)) return null;
  const signature = readSignature(Buffer.from(beginning, 'base64'));
  return signature && 'format' in signature ? signature.format : null;
}
