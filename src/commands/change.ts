import { QUALITIES, RATIOS, RESOLUTIONS } from '../services/request/models.ts';
import { isModelName } from '../services/request/offer.ts';
import type { Change } from '../services/request/ways-out.ts';

/** Each option's letter in an id, and its possible values; null for a model, which can have any name. */
const OPTIONS = {
  model: { letter: 'm', values: null },
  ratio: { letter: 'r', values: RATIOS },
  resolution: { letter: 's', values: RESOLUTIONS },
  quality: { letter: 'q', values: QUALITIES },
  transparent: { letter: 't', values: [true, false] },
} as const satisfies Record<keyof Change, { letter: string; values: readonly unknown[] | null }>;
type Option = keyof typeof OPTIONS;

/** A change in the form that a custom id or a menu's value has room for: `m=nano-banana,s=2k`. */
export function encodeChange(change: Change): string {
  return (Object.keys(OPTIONS) as Option[])
    .filter((option) => change[option] !== undefined)
    .map((option) => `${OPTIONS[option].letter}=${change[option]}`)
    .join(',');
}

/** Null for a text that no version of the bot has written. */
export function decodeChange(text: string): Change | null {
  const entries = text.split(',').map(decodeOption);
  return entries.every((entry) => entry !== null) ? Object.fromEntries(entries) : null;
}

function decodeOption(text: string): [Option, unknown] | null {
  const [letter, said] = text.split('=');
  for (const option of Object.keys(OPTIONS) as Option[]) {
    if (OPTIONS[option].letter !== letter) continue;
    const value = readValue(OPTIONS[option].values, said);
    if (value !== undefined) return [option, value];
  }
  return null;
}

function readValue(values: readonly unknown[] | null, said = ''): unknown {
  if (values === null) return isModelName(said) ? said : undefined;
  return values.find((each) => String(each) === said);
}
