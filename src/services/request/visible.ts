/**
 * Characters that show nothing, white space aside: controls, lone surrogates, what Unicode says is to be ignored by
 * default (joiners, variation selectors, fillers, tags, marks of direction), and the few that it counts among the
 * visible: blank Braille, the place of an object, blanks of musical, hieroglyphic and Khitan scripts.
 */
const INVISIBLE =
  /[[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}\u2800\ufffc\u{1d159}\u{13441}\u{13442}\u{16fe4}]--\p{White_Space}]/gv;

/**
 * Whether there is nothing to be read in a text, however long it is: marks without a letter that carries them, and
 * characters of private use, say nothing either.
 */
export function isBlank(text: string): boolean {
  return /^[\p{White_Space}\p{M}\p{Co}]*$/u.test(withoutInvisible(text));
}

/** A text without the characters that show nothing, other than white space. Emoji of several come apart. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}
