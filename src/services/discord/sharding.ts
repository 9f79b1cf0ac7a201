/** The gateway connections that this process holds: as many as Discord recommends, or some of a given number. */
export type Shards = 'auto' | { readonly ids: readonly number[]; readonly count: number };

const MOST_SHARDS = 1000;
const RANGE = String.raw`\d{1,4}(?:-\d{1,4})?`;
const LIST = new RegExp(String.raw`^(${RANGE}(?:\s*,\s*${RANGE})*)(?:\s+of\s+(\d{1,4}))?$`);

/** Reads `auto`, a number of shards, or a list: `0,1` or `0-3 of 8`. Throws a RangeError that says what it must be. */
export function readShards(text: string): Shards {
  if (text === 'auto') return 'auto';
  const [, list = '', of] = LIST.exec(text) ?? [];
  if (/^\d+$/.test(list) && of === undefined) return all(Number(list));
  const ids = [...new Set(list.split(',').flatMap(range))].sort((a, b) => a - b);
  const last = ids.at(-1);
  if (last === undefined) {
    throw new RangeError('must be auto, a number of shards, or a list such as 0,1 or 0-3 of 8');
  }
  if (of === undefined && ids.length <= last) {
    throw new RangeError(`must include the total number of shards, as in ${list} of ${last + 1}`);
  }
  const count = of === undefined ? ids.length : Number(of);
  if (last >= count) throw new RangeError(`must list shards from 0 to ${count - 1} if there are ${count}`);
  return within(ids, count);
}

function all(count: number): Shards {
  return within([...Array(count).keys()], count);
}

function within(ids: readonly number[], count: number): Shards {
  if (count < 1 || count > MOST_SHARDS) throw new RangeError(`must be 1 to ${MOST_SHARDS} shards`);
  return { ids, count };
}

/** `4-6` is 4, 5 and 6. */
function range(text: string): number[] {
  if (text === '') return [];
  const [first = 0, last = first] = text.split('-').map(Number);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
