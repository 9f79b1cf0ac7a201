import { expect, test } from 'vitest';
import { searchQuery, searchWords } from '../../../src/services/ledger/search-words.ts';

test('a script without spaces is indexed by its characters, any other one by its words', () => {
  expect(wordsOf('雪中的狐狸')).toEqual(['雪', '中', '的', '狐', '狸']);
  expect(wordsOf('a fox 在雪中 at night')).toEqual(['a', 'fox', '在', '雪', '中', 'at', 'night']);
  expect(wordsOf('여우 한 마리')).toEqual(['여우', '한', '마리']);
});

test('full-width letters and digits are the same words as plain ones', () => {
  expect(wordsOf('ＦＯＸ　１２')).toEqual(['FOX', '12']);
});

test.each(['', '  ', '"', '* - :', '🦊', '()', '。、'])('%j holds no word to search for', (typed) => {
  expect(searchQuery(typed)).toBeNull();
});

test('what is typed becomes quoted words, whose quotes can not end them', () => {
  expect(searchQuery('red fox')).toBe('"red"* "fox"*');
  expect(searchQuery('fo"x" OR 1')).toBe('"fo x"* "OR"* "1"*');
});

function wordsOf(text: string): string[] {
  return searchWords(text).trim().split(/\s+/);
}
