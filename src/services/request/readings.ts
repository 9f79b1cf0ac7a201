import { normalized } from '../normalized.ts';
import { latinAlike } from './look-alikes.ts';
import { withoutInvisible } from './visible.ts';

/** One way to read a word or a text, with the script of each of its UTF-16 units if that matters. */
export interface Reading {
  readonly text: string;
  readonly scripts: readonly (Script | null)[];
}

/** `other` is for characters that nobody writes words in, such as letters in circles. */
export type Script = (typeof SCRIPTS)[number][0] | 'other';

/** The reading of a text by its letters as they are. */
export function plain(text: string): Reading {
  return { text: fold(text), scripts: [] };
}

/**
 * Removes differences that people make by mistake or on purpose: case, accents, width, spaces, invisible characters.
 */
export function fold(text: string): string {
  const simple = withoutMarks(text)
    .toUpperCase() // first, because only this turns "ß" into "SS"
    .toLowerCase();
  return normalized(simple, 'NFC').replace(/\s+/g, ' ').trim();
}

/**
 * The reading of a text by the look of its letters, with one space between words. The look is decided before the case
 * is folded, because a capital may look like a different letter than its small form.
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

/** The words that a disguised text spells letter by letter, as in "f o x" or "f.o.x", one after the other. */
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

/** The letters of a disguised word that can be spelled out; empty if it has fewer than three, or other characters. */
export function lettersOf({ text, scripts }: Reading): Reading {
  const isSpelled = /^(?:\p{L} ?){3,}$/u.test(text);
  if (!isSpelled) return { text: '', scripts: [] };
  return { text: text.replaceAll(' ', ''), scripts: scripts.filter((_, at) => text.charAt(at) !== ' ') };
}

/** Three or more single letters, separated by one to three signs or spaces. */
const SPELLED = /(?<![\p{L}\p{N}\p{M}])\p{L}(?:[^\p{L}\p{N}\p{M}]{1,3}\p{L}(?![\p{L}\p{N}\p{M}])){2,}/gu;

/**
 * A text in its simplest characters by Unicode's compatibility decomposition, without accents and invisible characters.
 * Two characters stay as they are, because each would become a whole phrase.
 */
function withoutMarks(text: string): string {
  const simple = text.replace(/[^\ufdfa\ufdfb]+/g, (part) => normalized(part, 'NFKD'));
  return withoutInvisible(simple.replace(MARKS, ''));
}

/** Accents and other marks that letters of any script may carry, except those that turn one kana into another. */
const MARKS = /[[[\p{M}&&\p{Script=Inherited}]\p{Me}\u0483-\u0487]--[\u3099\u309a]]/gv;

/** Marks of any script, such as Thai vowels, on letters that don't use them. */
const MARKS_OF_OTHERS = /([\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}])\p{M}+/gu;

/** People write some terms as one word, as two, or with a hyphen. */
const SETS_APART = /[\p{White_Space}\p{Dash}\p{Pc}]+/gu;

/** Each of these would decompose into three characters. */
const IN_PARENTHESES = /[\u249c-\u24b5\u{1f110}-\u{1f129}]/gu;

function lookOf(character: string): string {
  return latinAlike(character) ?? character;
}

interface Letter {
  /** Two letters for a ligature. */
  readonly letter: string;
  readonly script: Script | null;
}

/** The small letter that a character looks like, and its script. */
function letterOf(character: string): Letter {
  const known = KNOWN.get(character);
  if (known) return known;
  const letter = latinAlike(character) ?? PAIRS.get(character) ?? character.toUpperCase().toLowerCase();
  const found = { letter, script: scriptOf(character) };
  if (KNOWN.size >= KNOWN_MAX) KNOWN.clear();
  KNOWN.set(character, found);
  return found;
}

/** A cache: most texts use the same few characters. */
const KNOWN = new Map<string, Letter>();
const KNOWN_MAX = 5000;

/** Characters that people also write as others. */
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
