import { latinAlike } from './look-alikes.ts';
import { withoutInvisible } from './visible.ts';
import { occurrences } from './word-finder.ts';

/**
 * Scripts that set words apart by no space, or (Hangul) add endings to them without one: a word is found there within
 * others.
 */
const UNSPACED = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}`;
/** What makes a longer word of a word that it stands beside. */
const OF_A_WORD = String.raw`[[\p{L}\p{N}\p{M}]--[${UNSPACED}]]`;
const IS_OF_A_WORD = new RegExp(`^${OF_A_WORD}$`, 'v');
const HAS_UNSPACED = new RegExp(`[${UNSPACED}]`, 'v');

/** The first of the words that a text contains, as it stands in the list; null where it contains none. */
export function findBlockedWord(text: string, words: readonly string[]): string | null {
  const found = [
    ...findIn(
      plain(fold(text)),
      words.map((word) => plain(fold(word))),
    ),
    ...findIn(
      disguised(text),
      words.map((word) => disguised(HAS_UNSPACED.test(word) ? '' : word)),
    ),
  ];
  return found.length === 0 ? null : (words[Math.min(...found)] ?? null);
}

/** What a word or a text may say, with the script that each of its units was written in, where that matters. */
interface Reading {
  readonly text: string;
  readonly scripts: readonly (Script | null)[];
}

/** `other` is what nobody writes words in, such as letters in circles. */
type Script = 'latin' | 'cyrillic' | 'greek' | 'other';

/** The numbers of the words that a text contains. */
function findIn(text: Reading, words: readonly Reading[]): Set<number> {
  const ofAWord = unitsOfWords(text.text);
  const genuine = genuineScripts(text);
  const found = new Set<number>();
  for (const { word, start, end } of occurrences(text.text, onceEach(words))) {
    const goesOnBefore = ofAWord[start] && ofAWord[start - 1];
    const goesOnAfter = ofAWord[end - 1] && ofAWord[end];
    if (goesOnBefore || goesOnAfter || found.has(word)) continue;
    if (isMeant(scriptsIn(text, start, end), scriptsIn(words[word]), genuine)) found.add(word);
  }
  return found;
}

/** Their texts; of those that read the same the first one's. */
function onceEach(words: readonly Reading[]): string[] {
  const seen = new Set<string>();
  return words.map((word) => {
    const key = JSON.stringify([word.text, [...scriptsIn(word)].sort()]);
    if (seen.has(key)) return '';
    seen.add(key);
    return word.text;
  });
}

/** Asks about each character once, however often it stands in a text. */
function remembering<T>(ask: (character: string) => T): (character: string) => T {
  const answers = new Map<string, T>();
  return (character) => {
    const known = answers.get(character);
    if (known !== undefined) return known;
    const answer = ask(character);
    answers.set(character, answer);
    return answer;
  };
}

/** Whether each unit belongs to a word that other letters beside it make a longer one; surrogates both do. */
function unitsOfWords(text: string): boolean[] {
  const isOfAWord = remembering((character) => IS_OF_A_WORD.test(character));
  return [...text].flatMap((character) => Array<boolean>(character.length).fill(isOfAWord(character)));
}

/**
 * Whether a word in other letters than its own is meant. Mixed letters are; and a word all in Cyrillic or Greek letters
 * that look Latin is, unless the text has genuine words in that script. A Latin word is never meant as another one.
 */
function isMeant(
  written: ReadonlySet<Script>,
  own: ReadonlySet<Script>,
  genuine: ReadonlySet<Script>,
): boolean {
  if (written.size !== 1 || own.size !== 1) return true;
  const [script = 'other'] = written;
  if (own.has(script) || script === 'other') return true;
  return script !== 'latin' && !genuine.has(script);
}

function scriptsIn(reading: Reading | undefined, start?: number, end?: number): Set<Script> {
  return new Set(reading?.scripts.slice(start, end).filter((script) => script !== null));
}

/** The scripts of which the text has letters that look like none of the Latin alphabet. */
function genuineScripts({ text, scripts }: Reading): Set<Script> {
  return new Set(
    scripts.filter((script, at) => script !== null && !/[a-z]/.test(text.charAt(at))) as Script[],
  );
}

/** By the letters as they are. */
function plain(text: string): Reading {
  return { text, scripts: [] };
}

/** By what the letters look like. Capitals may look like other letters than small ones, so they are told apart first. */
function disguised(written: string): Reading {
  const characters = [...written].flatMap(remembering(lettersAlike));
  const spaced = characters.filter(([letter], at) => letter !== ' ' || characters[at - 1]?.[0] !== ' ');
  const first = spaced[0]?.[0] === ' ' ? 1 : 0;
  const trimmed = spaced.slice(first, spaced.at(-1)?.[0] === ' ' ? -1 : undefined);
  return {
    text: trimmed.map(([letter]) => letter).join(''),
    scripts: trimmed.flatMap(([letter, script]) => Array<Script | null>(letter.length).fill(script)),
  };
}

/** What a character looks like, in small letters, each with its script. */
function lettersAlike(character: string): (readonly [string, Script | null])[] {
  const whole = latinAlike(character);
  if (whole) return [[whole, scriptOf(character)]];
  return [...withoutInvisible(character.normalize('NFKD').replace(MARKS, ''))].map((part) => {
    const letter = latinAlike(part) ?? part.toUpperCase().toLowerCase();
    return [/^\p{White_Space}$/u.test(part) ? ' ' : letter, scriptOf(part)];
  });
}

function scriptOf(character: string): Script | null {
  if (/[a-z\u00c0-\u024f]/i.test(character)) return 'latin';
  if (/\p{Script=Cyrillic}/u.test(character)) return 'cyrillic';
  if (/\p{Script=Greek}/u.test(character)) return 'greek';
  return latinAlike(character) ? 'other' : null;
}

/** As much of a list as is searched for in every prompt. */
export const WORDS_MAX = { words: 500, characters: 100 };

/** Whether a list has no more, and no longer words, than that. */
export function isTakenAsList(words: readonly string[]): boolean {
  return words.length <= WORDS_MAX.words && words.every((word) => word.length <= WORDS_MAX.characters);
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

/** Accents and other marks that letters of any script may carry; those that make another kana stay. */
const MARKS = /[[\p{M}&&\p{Script=Inherited}]--[\u3099\u309a]]/gv;

/** A text without what people vary, by mistake or on purpose: case, accents, width, spaces, invisible characters. */
function fold(text: string): string {
  return withoutInvisible(text.normalize('NFKD').replace(MARKS, ''))
    .toUpperCase() // first, since "ß" is "SS" only there
    .toLowerCase()
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();
}
