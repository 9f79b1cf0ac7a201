import { plainWords } from './plain-words.ts';

/** More than any answer of the service contains, and few enough to process quickly. */
const ENTRIES_MAX = 32;
const FIELDS_MAX = 64;
const DEPTH_MAX = 8;
/** Longer than any URL that the bot accepts, so that no URL is cut into a different one. */
const TEXT_MAX_CHARACTERS = 10_000;
/** How many times JSON within a string of JSON is parsed. */
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
 * Parses an answer's body as JSON and cuts it to a bounded size; undefined when it isn't JSON. Parses JSON within
 * strings, replaces HTML by its words, adds `task_id` for `taskId`, and masks the secret, even if the JSON escapes it.
 * An empty secret masks nothing.
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

/** The service's documentation spells the same field both ways. */
function inSnakeCase(name: string): string {
  return name.replace(/(?<=[a-z\d])[A-Z]/g, '_$&').toLowerCase();
}

function cutText(text: string, way: Way): unknown {
  const packed = way.packed < PACKED_MAX && /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  if (typeof packed === 'object') return cut(packed, { ...way, packed: way.packed + 1 });
  const words = plainWords(text);
  const masked = way.secret === '' ? words : words.replaceAll(way.secret, '[key]');
  return masked.length > way.textMax ? masked.slice(0, way.textMax) : masked;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's page, or half an answer; the caller tells them apart
  }
}
