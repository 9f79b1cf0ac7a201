import { disguised, fold, lettersOf, plain, type Reading, type Script, spelledOut } from './readings.ts';
import { createWordFinder } from './word-finder.ts';

/**
 * Scripts that don't separate words by spaces, or (Hangul) append endings to words. In these, a word is also found
 * within longer text.
 */
const UNSPACED = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}`;
/** A character that makes a longer, different word when it stands next to a word. */
const OF_A_WORD = String.raw`[[\p{L}\p{N}\p{M}]--[${UNSPACED}]]`;
const PARTS_OF_WORDS = new RegExp(OF_A_WORD, 'gv');
const HAS_UNSPACED = new RegExp(`[${UNSPACED}]`, 'v');

/** The first word of the list that a text contains, spelled as in the list; null when it contains none. */
export function findBlockedWord(text: string, words: readonly string[]): string | null {
  if (words.length === 0) return null;
  const list = readList(words);
  const alike = disguised(text);
  const genuine = genuineScripts(alike);
  const first = Math.min(
    firstIn(plain(text), list.plain, { genuine }),
    firstIn(alike, list.disguised, { genuine }),
    firstIn(spelledOut(alike), list.spelledOut, { genuine, withinOthers: true }),
  );
  return words[first] ?? null;
}

/** A word in the form to search for, and its index in the list. */
interface Sought extends Reading {
  readonly number: number;
  readonly own: ReadonlySet<Script>;
}

type ReadList = Readonly<Record<'plain' | 'disguised' | 'spelledOut', readonly Sought[]>>;

/** Each list is prepared once, because every prompt is searched for the same one. */
const READ = new WeakMap<readonly string[], ReadList>();

function readList(words: readonly string[]): ReadList {
  const known = READ.get(words);
  if (known) return known;
  const looks = words.map((word) => disguised(HAS_UNSPACED.test(word) ? '' : word));
  const list = {
    plain: onceEach(words.map(plain)),
    disguised: onceEach(looks),
    spelledOut: onceEach(looks.map(lettersOf)),
  };
  READ.set(words, list);
  return list;
}

/** Keeps the first of words with the same reading, and drops words with an empty one. */
function onceEach(words: readonly Reading[]): Sought[] {
  const sought = words.map((word, number) => ({
    ...word,
    number,
    own: new Set(word.scripts.filter(isKnown)),
  }));
  const unlike = new Map<string, Sought>();
  for (const word of sought.filter(({ text }) => text !== '')) {
    const key = JSON.stringify([word.text, [...word.own].sort()]);
    if (!unlike.has(key)) unlike.set(key, word);
  }
  return [...unlike.values()];
}

/** The index of the first word that a text contains; infinite when it contains none. */
function firstIn(
  text: Reading,
  words: readonly Sought[],
  { genuine, withinOthers = false }: { genuine: ReadonlySet<Script>; withinOthers?: boolean },
): number {
  const longest = Math.max(0, ...words.map((word) => word.text.length));
  const goesOn = withinOthers ? () => false : insideWords(text.text);
  const begins = Array.from({ length: text.text.length }, (_, at) => at).filter((at) => !goesOn(at));
  const stands = createWordFinder(text.text, begins, longest);
  const scriptIn = findScripts(text);
  const found = words.find(({ text: word, own }) =>
    stands(word, (at) => {
      const end = at + word.length;
      return !goesOn(end) && isMeant(scriptIn(at, end), own, genuine);
    }),
  );
  return found?.number ?? Number.POSITIVE_INFINITY;
}

/** Returns a test for positions of the text: whether a word continues across it. */
function insideWords(text: string): (at: number) => boolean {
  const ofAWord = new Uint8Array(text.length + 1);
  for (const { 0: character, index } of text.matchAll(PARTS_OF_WORDS))
    ofAWord.fill(1, index, index + character.length);
  return (at) => at > 0 && ofAWord[at - 1] === 1 && ofAWord[at] === 1;
}

/**
 * Whether a match written in other letters than the word is a disguise of it. Mixed scripts are one. So is a match
 * entirely in Latin look-alikes of another script, unless the text has genuine words in that script. Latin letters
 * never disguise a word of another script.
 */
function isMeant(script: Script | null, own: ReadonlySet<Script>, genuine: ReadonlySet<Script>): boolean {
  if (script === null || own.size !== 1) return true;
  if (own.has(script) || script === 'other') return true;
  return script !== 'latin' && !genuine.has(script);
}

/** Returns a function that names the script between two positions of a text; null for several scripts or none. */
function findScripts({ scripts }: Reading): (start: number, end: number) => Script | null {
  const ahead: (Script | null)[] = [];
  const until = new Uint32Array(scripts.length);
  let [script, nearest, end]: [Script | null, number, number] = [null, scripts.length, scripts.length];
  for (let at = scripts.length - 1; at >= 0; at -= 1) {
    const here = scripts[at] ?? null;
    if (here !== null) {
      if (here !== script) end = nearest;
      script = here;
      nearest = at;
    }
    ahead[at] = script;
    until[at] = end;
  }
  return (start, stop) => ((until[start] ?? 0) < stop ? null : (ahead[start] ?? null));
}

/** The scripts that the text really uses: it has letters of theirs that don't look like Latin ones. */
function genuineScripts({ text, scripts }: Reading): Set<Script> {
  return new Set(scripts.filter((_, at) => !/[a-z]/.test(text.charAt(at))).filter(isKnown));
}

function isKnown(script: Script | null): script is Script {
  return script !== null;
}

/** The most words of a list, and characters of a word; every prompt is searched for all of them. */
export const WORDS_MAX = { words: 500, characters: 100 };

/** Whether a list is within these limits. */
export function isTakenAsList(words: readonly string[]): boolean {
  return words.length <= WORDS_MAX.words && words.every((word) => word.length <= WORDS_MAX.characters);
}

/** Reads a person's list of words, separated by line breaks or commas, without repetitions. */
export function readWords(written: string): string[] {
  const words = new Map<string, string>();
  for (const word of written.split(/[\n\r,;\uff0c\u3001\uff1b]+/).map((each) => each.trim())) {
    const folded = fold(word);
    if (folded !== '' && !words.has(folded)) words.set(folded, word);
  }
  return [...words.values()];
}
