import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shorten } from '../../src/services/shorten.ts';

test('what fits stays as it is', () => {
  expect(shorten('a fox', 5)).toBe('a fox');
});

test('what is missing is marked, without a space before the mark', () => {
  expect(shorten('a fox in the snow', 7)).toBe('a fox…');
});

test.each([
  ['a skin tone', 'ab👍🏽', 5],
  ['a family', 'ab👨‍👩‍👧', 5],
  ['an accent', 'abe\u0301f', 4],
])('a character is left out whole rather than lose %s', (_, text, max) => {
  expect(shorten(text, max)).toBe('ab…');
});

test('the limit holds, and what is kept are the whole characters that the text begins with', () => {
  const characters = fc.array(fc.constantFrom('a', ' ', '雪', '🦊', '👍🏽', '👨‍👩‍👧', 'e\u0301', '🇩🇪'), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(characters, fc.integer({ min: 1, max: 40 }), (parts, max) => {
      const text = parts.join('');
      const short = shorten(text, max);
      expect(short.length).toBeLessThanOrEqual(max);
      const beginnings = parts.map((_, index) => `${parts.slice(0, index).join('').trimEnd()}…`);
      expect(text.length > max ? beginnings : [text]).toContain(short);
    }),
  );
});

test('any string stays well-formed', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.integer({ min: 1, max: 40 }),
      (text, max) => {
        expect(shorten(text, max).isWellFormed()).toBe(true);
      },
    ),
  );
});

test('one character of endless accents, or a megabyte of them, is cut as well', () => {
  expect(shorten(`ab${'\u0301'.repeat(6_000)}`, 300)).toBe('a…');
  expect(shorten(`ab${'\u0301'.repeat(1024 * 1024)}`, 300)).toBe('a…');
});
