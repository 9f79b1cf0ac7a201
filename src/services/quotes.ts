/** The quotes that word processors and input methods insert, for a character class. */
export const TYPOGRAPHIC_QUOTES = '“”„‟«»‹›‘’‚‛「」『』＂＇';

/** A value without quotes of any kind around it, and without invisible characters. */
export function unquoted(value: string): string {
  const visible = value.replace(NEVER_MEANT, '').replace(INVISIBLE_ENDS, '');
  return (QUOTED.exec(visible)?.[1] ?? visible).replace(INVISIBLE_ENDS, '');
}

/**
 * Characters that copying leaves in a text: soft hyphens, zero-width spaces, direction and byte order marks. Joiners
 * may be meant, so they stay.
 */
const NEVER_MEANT = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const INVISIBLE_ENDS = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;
const QUOTED = new RegExp(`^["'\`${TYPOGRAPHIC_QUOTES}](.*)["'\`${TYPOGRAPHIC_QUOTES}]$`, 'su');
