import { normalized } from '../normalized.ts';

/** Scripts that are written without spaces, where a word is found by its characters. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const ACCENTS = /[\u0300-\u036f]/g;
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/gu;
/** More than anybody types to find an image. */
const TERMS_MAX = 8;
const TERM_MAX_CHARACTERS = 100;

/**
 * A text as it is searched: its words in lower case, without accents, each after one space. Each character of a script
 * without spaces is a word of its own.
 */
export function searchableText(text: string): string {
  const folded = normalized(normalized(text, 'NFKD').replace(ACCENTS, ''), 'NFC').toLowerCase();
  const words = folded.replace(UNSPACED, ' $& ').replace(BETWEEN_WORDS, ' ').trim();
  return words === '' ? '' : ` ${words}`;
}

/** What a person typed, as terms that {@link isFound} takes; none where there is no word to search for. */
export function searchTerms(typed: string): string[] {
  const words = typed.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.slice(0, TERMS_MAX).map((word) => searchableText(word.slice(0, TERM_MAX_CHARACTERS)));
}

/** Whether each word, or its beginning, is in the text. */
export function isFound(terms: readonly string[], text: string): boolean {
  const searched = searchableText(text);
  return terms.every((term) => searched.includes(term));
}
