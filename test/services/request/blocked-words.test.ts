import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findBlockedWord, isTakenAsList, readWords } from '../../../src/services/request/blocked-words.ts';

describe('a word is found', () => {
  test.each([
    ['fox', 'a fox in the snow'],
    ['fox', 'FOX'],
    ['fox', 'a (fox), red'],
    ['fox', '"fox"'],
    ['fox', 'red_fox'],
    ['fox', 'ｆｏｘ in wide letters'],
    ['fox', 'f\u00adox with a soft hyphen'],
    ['fox', 'f\u200box with a space that nobody sees'],
    ['fox', 'f\u0337o\u0337x\u0337 crossed out'],
    ['fox', '一只fox在雪地里'],
    ['cafe', 'a café'],
    ['café', 'a cafe'],
    ['Straße', 'eine STRASSE'],
    ['naïve', 'nai\u0308ve'],
    ['ёлка', 'елка'],
    ['blue fox', 'a blue \n fox'],
    ['狐狸', '一只红色的狐狸在雪地里'],
    ['きつね', '雪の中のきつねです'],
    ['여우', '여우가 눈 속에 있다'],
    ['แมว', 'รูปแมวน่ารัก'],
    ['c++', 'written in c++17'],
    ['🔫', 'a fox with a🔫gun'],
    ['fox', 'f\ufff9o\u2800x\u{e0041} with characters that show nothing'],
    ['fox', 'fоx with a Cyrillic letter'],
    ['fox', 'fοx with a Greek letter'],
    ['nude', 'a ΝUDE with a Greek capital'],
    ['sex', 'ѕех in Cyrillic letters alone'],
    ['fox', 'ꜰᴏx in small capitals'],
    ['fox', 'ⓕⓞⓧ, 🅕🅞🅧 in circles'],
    ['fox', '🅵🅾🆇 in black squares'],
    ['fox', '🄵🄾🅇 in squares'],
    ['fox', '⒡⒪⒳ in parentheses'],
    ['fox', '𝖋𝖔𝖝 of mathematics'],
    ['fox', 'føx with a stroke'],
    ['lady', 'a łađy with strokes'],
    ['сор', 'мусор? cор, with a Latin letter'],
    ['нет', 'НЕТ'],
    ['νερό', 'ΝΕΡΟ'],
  ])('%s in %s', (word, prompt) => {
    expect(findBlockedWord(prompt, ['something else', word])).toBe(word);
  });
});

describe('a word is not found within a longer one', () => {
  test.each([
    ['fox', 'foxes'],
    ['fox', 'a firefox'],
    ['ass', 'a glass of grass'],
    ['fox', 'fox2'],
    ['ком', 'комната'],
    ['か', 'がっこう'],
    ['blue fox', 'a bluefox'],
    ['fox', 'fоxes, with a Cyrillic letter'],
  ])('%s in %s', (word, prompt) => {
    expect(findBlockedWord(prompt, [word])).toBeNull();
  });
});

describe('a word of another language that looks the same is not meant', () => {
  test.each([
    ['cop', 'мусор и сор в лесу'],
    ['сор', 'a cop in the street'],
    ['pak', 'красный рак на берегу'],
    ['vov', 'ένας νέος κόσμος, νον'],
  ])('%s in %s', (word, prompt) => {
    expect(findBlockedWord(prompt, [word])).toBeNull();
  });
});

test('of several words that a text contains the first of the list is named', () => {
  expect(findBlockedWord('a wolf and a fох', ['bear', 'fox', 'wolf'])).toBe('fox');
});

test('the word is named as it was written down', () => {
  expect(findBlockedWord('a fox', ['Wolf', 'Fóx'])).toBe('Fóx');
  expect(findBlockedWord('a bear', ['Wolf', 'Fóx'])).toBeNull();
});

test('words are read from lines and commas of any script, each once', () => {
  expect(readWords(' fox\nFÓX, wolf;\r\n狐狸，狼、熊\n\n , \u200b')).toEqual([
    'fox',
    'wolf',
    '狐狸',
    '狼',
    '熊',
  ]);
});

test('any word that was read is found where it stands alone, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (written) => {
      for (const word of readWords(written)) expect(findBlockedWord(`. ${word} .`, [word])).toBe(word);
    }),
    { numRuns: 500 },
  );
});

test('a list of what would take long to search for is not taken', () => {
  expect(isTakenAsList(Array(500).fill('x'.repeat(100)))).toBe(true);
  expect(isTakenAsList(Array(501).fill('x'))).toBe(false);
  expect(isTakenAsList(['x'.repeat(101)])).toBe(false);
});
