import fc from 'fast-check';
import { expect, test } from 'vitest';
import { occurrences } from '../../../src/services/request/word-finder.ts';

test('finds every word wherever it stands, also within and across others', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '狐'), maxLength: 30 });
  fc.assert(
    fc.property(letters, fc.array(letters, { maxLength: 8 }), (text, words) => {
      const found = [...occurrences(text, words)].map(({ word, start, end }) => `${word} ${start} ${end}`);
      expect(found.sort()).toEqual(everyPlace(text, words).sort());
    }),
    { numRuns: 500 },
  );
});

function everyPlace(text: string, words: readonly string[]): string[] {
  return words.flatMap((word, index) =>
    [...text].flatMap((_, start) =>
      word !== '' && text.startsWith(word, start) ? [`${index} ${start} ${start + word.length}`] : [],
    ),
  );
}
