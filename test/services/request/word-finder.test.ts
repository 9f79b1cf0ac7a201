import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWordFinder, type WordFinder } from '../../../src/services/request/word-finder.ts';

test('finds every word wherever it may begin, also within and across others', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '狐'), maxLength: 30 });
  const begin = fc.func(fc.boolean());
  fc.assert(
    fc.property(letters, fc.array(letters, { maxLength: 8 }), begin, (text, words, mayBegin) => {
      const begins = [...Array(text.length).keys()].filter((at) => mayBegin(at));
      const stands = createWordFinder(text, begins, Math.max(0, ...words.map(({ length }) => length)));
      for (const word of words)
        expect(placesOf(stands, word)).toEqual(
          begins.filter((at) => word !== '' && text.startsWith(word, at)),
        );
    }),
    { numRuns: 500 },
  );
});

function placesOf(stands: WordFinder, word: string): number[] {
  const places: number[] = [];
  stands(word, (at) => {
    places.push(at);
    return false;
  });
  return places.sort((one, other) => one - other);
}

test('stops at the first place that is right', () => {
  const asked: number[] = [];
  const stands = createWordFinder('fox fox fox', [0, 4, 8], 3);
  expect(stands('fox', (at) => asked.push(at) > 0)).toBe(true);
  expect(asked).toHaveLength(1);
});
