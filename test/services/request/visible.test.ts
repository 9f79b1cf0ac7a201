import { describe, expect, test } from 'vitest';
import { isBlank } from '../../../src/services/request/visible.ts';

describe('blank is', () => {
  test.each([
    ['nothing', ''],
    ['white space', ' \n\t\u00a0\u3000\u2003\u2028'],
    ['zero-width characters', '\u200b\u200c\u200d\u2060\ufeff'],
    ['fillers of Hangul', '\u115f\u1160\u3164\uffa0'],
    ['blank Braille', '\u2800\u2800'],
    ['tags', '\u{e0020}\u{e0041}\u{e007f}'],
    ['variation selectors', '\ufe0f\ufe0e\u{e0100}\u180b'],
    ['soft hyphens', '\u00ad'],
    ['marks of direction', '\u200e\u200f\u202e\u2066\u2069\u061c'],
    ['joiners of graphemes', '\u034f\u17b4'],
    ['invisible operators', '\u2061\u2062\u2063\u2064'],
    ['annotations', '\ufff9\ufffa\ufffb'],
    ['controls', '\u0000\u001b\u007f\u0085'],
    ['what is no character', '\ufdd0\uffff\u{10ffff}'],
    ['half a character', '\ud83d'],
    ['the place of an object', '\ufffc'],
    ['signs of musical, Mongolian and shorthand scripts', '\u{1d173}\u180e\u{1bca0}'],
    ['marks without a letter', '\u0301 \u0489\u20dd\u302e'],
    ['characters of private use', '\ue000\u{f0000}'],
    ['all of it together', ' \u200d\u2800\u3164\ufe0f\u{e0041}\n'],
  ])('%s', (_, text) => {
    expect(isBlank(text)).toBe(true);
  });
});

describe('not blank is', () => {
  test.each([
    ['a letter between invisible ones', '\u200bx\u200b'],
    ['an emoji of several', '👩‍👩‍👧'],
    ['a flag of tags', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['an emoji alone', '❤️'],
    ['Braille that shows dots', '\u2801'],
    ['Hangul', '여우'],
    ['a sign alone', '?'],
    ['a mark on a letter', 'x\u0301'],
    ['an emoji that this version of Unicode does not know', '\u{1faf9}\u{1fadd}'],
  ])('%s', (_, text) => {
    expect(isBlank(text)).toBe(false);
  });
});
