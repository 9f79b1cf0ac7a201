/** Scripts that are written without spaces, where a word is found by its characters. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

/** A text as it goes into the index: each character of a script without spaces is a word of its own. */
export function searchWords(text: string): string {
  return text.normalize('NFKC').replace(UNSPACED, ' $& ');
}

/**
 * What a person typed, as an FTS5 query (sqlite.org/fts5.html): each word, or its beginning, must be there. Null where
 * there is no word to search for.
 */
export function searchQuery(typed: string): string | null {
  const words = typed.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (words.length === 0) return null;
  return words.map((word) => `"${searchWords(word).replaceAll(/["\0]/g, ' ').trim()}"*`).join(' ');
}
