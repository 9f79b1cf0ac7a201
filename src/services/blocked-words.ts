/**
 * Scripts that set words apart by no space, or (Hangul) add endings to them without one: a word is found there within
 * others.
 */
const UNSPACED = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}`;
/** What makes a longer word of a word that it stands beside. */
const OF_A_WORD = String.raw`[[\p{L}\p{N}\p{M}]--[${UNSPACED}]]`;
const STARTS_AS_WORD = new RegExp(`^${OF_A_WORD}`, 'v');
const ENDS_AS_WORD = new RegExp(`${OF_A_WORD}$`, 'v');

/** The first of the words that a text contains, as it stands in the list; null where it contains none. */
export function findBlockedWord(text: string, words: readonly string[]): string | null {
  const folded = fold(text);
  return words.find((word) => contains(folded, fold(word))) ?? null;
}

/** The words that a person wrote down, on lines or between commas, each once. */
export function readWords(written: string): string[] {
  const words = new Map<string, string>();
  for (const word of written.split(/[\n\r,;\uff0c\u3001\uff1b]+/).map((each) => each.trim())) {
    const folded = fold(word);
    if (folded !== '' && !words.has(folded)) words.set(folded, word);
  }
  return [...words.values()];
}

function contains(text: string, word: string): boolean {
  // A character has no more than two units, and a longer text would be searched as a whole.
  const mayGoOn = { before: STARTS_AS_WORD.test(word), after: ENDS_AS_WORD.test(word.slice(-2)) };
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    const goesOnBefore = mayGoOn.before && ENDS_AS_WORD.test(text.slice(Math.max(0, at - 2), at));
    const goesOnAfter = mayGoOn.after && STARTS_AS_WORD.test(text.slice(end, end + 2));
    if (!goesOnBefore && !goesOnAfter) return true;
  }
  return false;
}

/** Accents and other marks that letters of any script may carry; those that make another kana stay. */
const MARKS = /[[\p{M}&&\p{Script=Inherited}]--[\u3099\u309a]]/gv;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gv;

/** A text without what people vary, by mistake or on purpose: case, accents, width, spaces, invisible characters. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(INVISIBLE, '')
    .toUpperCase() // first, since "ß" is "SS" only there
    .toLowerCase()
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();
}
