/** What word processors and input methods make of quotes, for a character class. */
export const TYPOGRAPHIC_QUOTES = '“”„‟«»‹›‘’‚‛「」『』＂＇';

/** A value without quotes around it, of whatever kind, and without what can't be seen at its ends. */
export function unquoted(value: string): string {
  const visible = value.replace(INVISIBLE_ENDS, '');
  return (QUOTED.exec(visible)?.[1] ?? visible).replace(INVISIBLE_ENDS, '');
}

const INVISIBLE_ENDS = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;
const QUOTED = new RegExp(`^["'\`${TYPOGRAPHIC_QUOTES}](.*)["'\`${TYPOGRAPHIC_QUOTES}]$`, 'su');
