import { EVERYTHING, type HistoryFilter } from '../services/ledger/history.ts';
import { MODEL_IDS, type ModelId } from '../services/request/models.ts';
import { DETAIL_MAX_CHARACTERS } from './custom-id.ts';

/** What every button of a history carries: what the person looks for, and where on its page an image stands. */
export interface HistoryState {
  readonly filter: HistoryFilter;
  /** So many stand before it on its page. */
  readonly position: number;
}

/** A day, a model, favourites and a position take this much of what a button can carry. */
const FRAME_CHARACTERS = 7;
export const SEARCH_MAX_CHARACTERS = DETAIL_MAX_CHARACTERS - FRAME_CHARACTERS;

/** Stay what they are: they stand in messages. */
const MODEL_CODES: Record<ModelId, string> = {
  'gpt-image-1.5': 'g1',
  'gpt-image-2': 'g2',
  'gpt-image-2.5-flare': 'gf',
  'gpt-image-2.5-sunburst': 'gs',
  'nano-banana': 'nb',
  'nano-banana-2': 'n2',
  'nano-banana-2.1': 'n3',
  'nano-banana-pro': 'np',
  'doubao-seedream-5-0-pro': 's5',
  'grok-imagine-image': 'k1',
  'grok-imagine-image-2': 'k2',
};

const DAY_RADIX = 36;

export function encodeState({ filter: { search, day, model, starred }, position }: HistoryState): string {
  const code = MODEL_IDS.find((id) => id === model);
  const parts = [
    day === null ? '---' : day.toString(DAY_RADIX).padStart(3, '0'),
    code ? MODEL_CODES[code] : '--',
    starred ? '*' : '-',
    position,
    search,
  ];
  return parts.join('').slice(0, DETAIL_MAX_CHARACTERS);
}

/** What no version of the bot has written stands for everything. */
export function decodeState(detail = ''): HistoryState {
  const [, day, code, starred, position, search] =
    /^([0-9a-z]{3}|---)([0-9a-z]{2}|--)([*-])(\d)(.*)$/s.exec(detail) ?? [];
  if (search === undefined) return { filter: EVERYTHING, position: 0 };
  return {
    filter: {
      search,
      day: day === '---' ? null : Number.parseInt(day ?? '', DAY_RADIX),
      model: MODEL_IDS.find((id) => MODEL_CODES[id] === code) ?? null,
      starred: starred === '*',
    },
    position: Number(position),
  };
}
