import { EVERYTHING, type HistoryFilter } from '../services/ledger/history.ts';
import { type KnownModelId, MODEL_IDS } from '../services/request/models.ts';
import { DETAIL_MAX_CHARACTERS } from './custom-id.ts';

/** The state that every button of a history carries: the person's filter, and the position of an image on its page. */
export interface HistoryState {
  readonly filter: HistoryFilter;
  /** How many images are before it on its page. */
  readonly position: number;
}

/** The characters of a button's detail for a day, a model, favourites and a position. */
const FRAME_CHARACTERS = 7;
export const SEARCH_MAX_CHARACTERS = DETAIL_MAX_CHARACTERS - FRAME_CHARACTERS;

/** Never change these: they are part of sent messages. */
const MODEL_CODES: Record<KnownModelId, string> = {
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

/** A text that no version of the bot has written means everything. */
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
