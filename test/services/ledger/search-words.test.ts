import { expect, test } from 'vitest';
import { isFound, searchableText, searchTerms } from '../../../src/services/ledger/search-words.ts';

test('a script without spaces is searched by its characters, any other one by its words', () => {
  expect(searchableText('雪中的狐狸')).toBe(' 雪 中 的 狐 狸');
  expect(searchableText('a fox 在雪中 at night')).toBe(' a fox 在 雪 中 at night');
  expect(searchableText('여우 한 마리')).toBe(' 여우 한 마리');
});

test('full-width letters and digits are the same words as plain ones', () => {
  expect(searchableText('ＦＯＸ　１２')).toBe(' fox 12');
});

test.each(['', '  ', '"', '* - :', '🦊', '()', '。、'])('%j holds no word to search for', (typed) => {
  expect(searchTerms(typed)).toEqual([]);
});

test('what is typed becomes plain words without any sign', () => {
  expect(searchTerms('red fox')).toEqual([' red', ' fox']);
  expect(searchTerms('fo"x" OR 1')).toEqual([' fo x', ' or', ' 1']);
});

test('of endless words only so many are searched for, and of an endless word only its beginning', () => {
  expect(searchTerms('fox '.repeat(1000))).toHaveLength(8);
  expect(isFound(searchTerms('x'.repeat(5000)), 'x'.repeat(100))).toBe(true);
});
