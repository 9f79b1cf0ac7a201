/**
 * Invisible characters other than white space: controls, lone surrogates, the ones that Unicode calls default ignorable
 * (joiners, variation selectors, fillers, tags, direction marks), and a few that it counts as visible: blank Braille,
 * the object replacement, and blanks of musical, hieroglyphic and Khitan scripts.
 */
const INVISIBLE =
  /[[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}\u2800\ufffc\u{1d159}\u{13441}\u{13442}\u{16fe4}]--\p{White_Space}]/gv;

/**
 * Whether a text has nothing to read, however long it is. Marks without a letter, and private-use characters, don't
 * count as readable.
 */
export function isBlank(text: string): boolean {
  return /^[\p{White_Space}\p{M}\p{Co}]*$/u.test(withoutInvisible(text));
}

/** Removes invisible characters, except white space. Emoji made of several characters fall apart. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}
