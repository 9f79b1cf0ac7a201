import { normalized } from '../normalized.ts';
import { latinAlike } from './look-alikes.ts';
import { withoutInvisible } from './visible.ts';

/** What a word or a text may say, with the script that each of its units was written in, where that matters. */
export interface Reading {
  readonly text: string;
  readonly scripts: readonly (Script | null)[];
}

/** `other` is what nobody writes words in today, such as letters in circles. */
export type Script = (typeof SCRIPTS)[number][0] | 'other';

/** A text by its letters as they are. */
export function plain(text: string): Reading {
  return { text: fold(text), scripts: [] };
}

/** A text without what people vary, by mistake or on purpose: case, accents, width, spaces, invisible characters. */
export function fold(text: string): string {
  const simple = withoutMarks(text)
    .toUpperCase() // first, since "ß" is "SS" only there
    .toLowerCase();
  return normalized(simple, 'NFC').replace(/\s+/g, ' ').trim();
}

/**
 * A text by what its letters look like, with one space for whatever sets words apart. Capitals may look like other
 * letters than small ones, so they are told apart first.
 */
export function disguised(written: string): Reading {
  const parts = withoutMarks(written.replace(IN_PARENTHESES, lookOf).replace(MARKS_OF_OTHERS, '$1'));
  let text = '';
  const scripts: (Script | null)[] = [];
  for (const part of parts.replace(SETS_APART, ' ').trim()) {
    const { letter, script } = letterOf(part);
    text += letter;
    for (let unit = 0; unit < letter.length; unit += 1) scripts.push(script);
  }
  return { text, scripts };
}

/** What a disguised text spells out letter by letter, as in "f o x" or "f.o.x", one after the other. */
export function spelledOut({ text, scripts }: Reading): Reading {
  const letters = [...text.matchAll(SPELLED)].flatMap(({ 0: spelled, index }) => [
    ...[...spelled.matchAll(/\p{L}/gu)].map((letter) => [letter[0], scripts[index + letter.index]] as const),
    [' ', null] as const,
  ]);
  return {
    text: letters.map(([letter]) => letter).join(''),
    scripts: letters.flatMap(([letter, script = null]) => Array<Script | null>(letter.length).fill(script)),
  };
}

/** The letters of a disguised word that may be spelled out; none where it has other than letters, or two of them. */
export function lettersOf({ text, scripts }: Reading): Reading {
  const isSpelled = /^(?:\p{L} ?){3,}$/u.test(text);
  if (!isSpelled) return { text: '', scripts: [] };
  return { text: text.replaceAll(' ', ''), scripts: scripts.filter((_, at) => text.charAt(at) !== ' ') };
}

/** Three letters or more, each by itself, with up to three signs or spaces between two of them. */
const SPELLED = /(?<![\p{L}\p{N}\p{M}])\p{L}(?:[^\p{L}\p{N}\p{M}]{1,3}\p{L}(?![\p{L}\p{N}\p{M}])){2,}/gu;

/**
 * A text in its simplest characters, by Unicode's compatible decomposition, without accents and what shows nothing. Two
 * characters stay, of which it would make whole phrases.
 */
function withoutMarks(text: string): string {
  const simple = text.replace(/[^\ufdfa\ufdfb]+/g, (part) => normalized(part, 'NFKD'));
  return withoutInvisible(simple.replace(MARKS, ''));
}

/** Accents and other marks that letters of any script may carry; those that make another kana stay. */
const MARKS = /[[[\p{M}&&\p{Script=Inherited}]\p{Me}\u0483-\u0487]--[\u3099\u309a]]/gv;

/** Marks of any script, such as Thai vowels, on letters that have no need of them. */
const MARKS_OF_OTHERS = /([\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}])\p{M}+/gu;

/** Two words or one, with or without a hyphen: people write both. */
const SETS_APART = /[\p{White_Space}\p{Dash}\p{Pc}]+/gu;

/** These come apart into three characters each. */
const IN_PARENTHESES = /[\u249c-\u24b5\u{1f110}-\u{1f129}]/gu;

function lookOf(character: string): string {
  return latinAlike(character) ?? character;
}

interface Letter {
  /** Two for a ligature. */
  readonly letter: string;
  readonly script: Script | null;
}

/** What a character looks like, in small letters, and its script. */
function letterOf(character: string): Letter {
  const known = KNOWN.get(character);
  if (known) return known;
  const letter = latinAlike(character) ?? PAIRS.get(character) ?? character.toUpperCase().toLowerCase();
  const found = { letter, script: scriptOf(character) };
  if (KNOWN.size >= KNOWN_MAX) KNOWN.clear();
  KNOWN.set(character, found);
  return found;
}

/** Characters that were looked up before: most texts have the same few. */
const KNOWN = new Map<string, Letter>();
const KNOWN_MAX = 5000;

/** One character for what is also written in others. */
const PAIRS = new Map([
  ...[...'æÆ'].map((each) => [each, 'ae'] as const),
  ...[...'œŒ'].map((each) => [each, 'oe'] as const),
  ...[...'‘’ʼ′´`'].map((each) => [each, "'"] as const),
]);

const SCRIPTS = [
  ['latin', /^\p{Script=Latin}$/u],
  ['cyrillic', /^\p{Script=Cyrillic}$/u],
  ['greek', /^\p{Script=Greek}$/u],
  ['armenian', /^\p{Script=Armenian}$/u],
  ['georgian', /^\p{Script=Georgian}$/u],
  ['cherokee', /^\p{Script=Cherokee}$/u],
  ['coptic', /^\p{Script=Coptic}$/u],
  ['lisu', /^\p{Script=Lisu}$/u],
  ['tifinagh', /^\p{Script=Tifinagh}$/u],
  ['syllabics', /^\p{Script=Canadian_Aboriginal}$/u],
  ['osage', /^\p{Script=Osage}$/u],
] as const;

function scriptOf(character: string): Script | null {
  const known = SCRIPTS.find(([, letters]) => letters.test(character));
  return known?.[0] ?? (latinAlike(character) ? 'other' : null);
}
