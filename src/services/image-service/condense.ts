import { plainWords } from './plain-words.ts';

/** More than any answer of the service holds, and little enough for whoever reads it. */
const ENTRIES_MAX = 32;
const FIELDS_MAX = 64;
const DEPTH_MAX = 8;
/** Longer than any address that is taken, so that none is cut to another one. */
const TEXT_MAX_CHARACTERS = 10_000;
/** JSON in a string of JSON is unpacked so often. */
const PACKED_MAX = 2;

interface Limits {
  readonly textMax?: number | undefined;
  readonly entriesMax?: number | undefined;
}

interface Way {
  readonly secret: string;
  readonly textMax: number;
  readonly entriesMax: number;
  readonly depth: number;
  readonly packed: number;
}

/**
 * What an answer's body says as JSON, cut to a size that nothing behind it has to fear; undefined where it is no JSON.
 * JSON within strings is unpacked, pages of HTML become their words, `taskId` can be read as `task_id`, and the secret is
 * masked however it was spelt.
 */
export function condense(text: string, secret: string, limits: Limits = {}): unknown {
  const { textMax = TEXT_MAX_CHARACTERS, entriesMax = ENTRIES_MAX } = limits;
  const json = parseJson(text);
  return json === undefined ? undefined : cut(json, { secret, textMax, entriesMax, depth: 0, packed: 0 });
}

function cut(value: unknown, way: Way): unknown {
  if (typeof value === 'string') return cutText(value, way);
  if (typeof value !== 'object' || value === null) return value;
  if (way.depth >= DEPTH_MAX) return null;
  const inside = { ...way, depth: way.depth + 1 };
  if (Array.isArray(value)) return value.slice(0, way.entriesMax).map((entry) => cut(entry, inside));
  const fields = Object.entries(value)
    .slice(0, FIELDS_MAX)
    .map(([name, field]) => [name, cut(field, inside)] as const);
  const respelt = fields.map(([name, field]) => [inSnakeCase(name), field] as const);
  return { ...Object.fromEntries(respelt), ...Object.fromEntries(fields) };
}

/** The service's own pages spell the same field in both ways. */
function inSnakeCase(name: string): string {
  return name.replace(/(?<=[a-z\d])[A-Z]/g, '_$&').toLowerCase();
}

function cutText(text: string, way: Way): unknown {
  const packed = way.packed < PACKED_MAX && /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  if (typeof packed === 'object') return cut(packed, { ...way, packed: way.packed + 1 });
  const masked = plainWords(text).replaceAll(way.secret, '[key]');
  return masked.length > way.textMax ? masked.slice(0, way.textMax) : masked;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's page, or half an answer: told apart by the caller
  }
}
