import { disguised, fold, lettersOf, plain, type Reading, type Script, spelledOut } from './readings.ts';
import { createWordFinder } from './word-finder.ts';

/**
 * Scripts that set words apart by no space, or (Hangul) add endings to them without one: a word is found there within
 * others.
 */
const UNSPACED = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}`;
/** What makes a longer word of a word that it stands beside. */
const OF_A_WORD = String.raw`[[\p{L}\p{N}\p{M}]--[${UNSPACED}]]`;
const PARTS_OF_WORDS = new RegExp(OF_A_WORD, 'gv');
const HAS_UNSPACED = new RegExp(`[${UNSPACED}]`, 'v');

/** The first of the words that a text contains, as it stands in the list; null where it contains none. */
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

/** A word as it is searched for, and its number in the list. */
interface Sought extends Reading {
  readonly number: number;
  readonly own: ReadonlySet<Script>;
}

type ReadList = Readonly<Record<'plain' | 'disguised' | 'spelledOut', readonly Sought[]>>;

/** Each list is read once: the same one is searched for in every prompt. */
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

/** Of those that read the same the first one; none of those of which nothing is left. */
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

/** The number of the first word that a text contains; infinite where it contains none. */
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

/** Tells of each place in a text whether a word goes on there. */
function insideWords(text: string): (at: number) => boolean {
  const ofAWord = new Uint8Array(text.length + 1);
  for (const { 0: character, index } of text.matchAll(PARTS_OF_WORDS))
    ofAWord.fill(1, index, index + character.length);
  return (at) => at > 0 && ofAWord[at - 1] === 1 && ofAWord[at] === 1;
}

/**
 * Whether a word in other letters than its own is meant. Mixed letters are; and a word all in letters of another script
 * that look Latin is, unless the text has genuine words in that script. A Latin word is never meant as another one.
 */
function isMeant(script: Script | null, own: ReadonlySet<Script>, genuine: ReadonlySet<Script>): boolean {
  if (script === null || own.size !== 1) return true;
  if (own.has(script) || script === 'other') return true;
  return script !== 'latin' && !genuine.has(script);
}

/** Tells which script is between two places of a text; null where there are several, or none. */
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

/** The scripts of which the text has letters that look like none of the Latin alphabet. */
function genuineScripts({ text, scripts }: Reading): Set<Script> {
  return new Set(scripts.filter((_, at) => !/[a-z]/.test(text.charAt(at))).filter(isKnown));
}

function isKnown(script: Script | null): script is Script {
  return script !== null;
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
