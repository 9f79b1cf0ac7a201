/** What word processors and input methods make of quotes, for a character class. */
export const TYPOGRAPHIC_QUOTES = '“”„‟«»‹›‘’‚‛「」『』＂＇';

/** A value without quotes around it, of whatever kind, and without what can't be seen in it or at its ends. */
export function unquoted(value: string): string {
  const visible = value.replace(NEVER_MEANT, '').replace(INVISIBLE_ENDS, '');
  return (QUOTED.exec(visible)?.[1] ?? visible).replace(INVISIBLE_ENDS, '');
}

/** What copying leaves in a text: soft hyphens, zero-width spaces, marks of direction and of byte order. Joiners may be meant. */
const NEVER_MEANT = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const INVISIBLE_ENDS = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;
const QUOTED = new RegExp(`^["'\`${TYPOGRAPHIC_QUOTES}](.*)["'\`${TYPOGRAPHIC_QUOTES}]$`, 'su');
