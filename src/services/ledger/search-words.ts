import { normalized } from '../normalized.ts';

/** Scripts that are written without spaces, where a word is found by its characters. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const ACCENTS = /[\u0300-\u036f]/g;
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/gu;
/** More words than anybody needs to find an image. */
const TERMS_MAX = 8;
const TERM_MAX_CHARACTERS = 100;

/**
 * A text in the form that is searched: words in lower case, without accents, each after one space. In scripts without
 * spaces, each character counts as a word.
 */
export function searchableText(text: string): string {
  const folded = normalized(normalized(text, 'NFKD').replace(ACCENTS, ''), 'NFC').toLowerCase();
  const words = folded.replace(UNSPACED, ' $& ').replace(BETWEEN_WORDS, ' ').trim();
  return words === '' ? '' : ` ${words}`;
}

/** The terms for {@link isFound} from a person's input; empty if it has no words. */
export function searchTerms(typed: string): string[] {
  const words = typed.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.slice(0, TERMS_MAX).map((word) => searchableText(word.slice(0, TERM_MAX_CHARACTERS)));
}

/** Whether the text has a word that begins with each term. */
export function isFound(terms: readonly string[], text: string): boolean {
  const searched = searchableText(text);
  return terms.every((term) => searched.includes(term));
}
