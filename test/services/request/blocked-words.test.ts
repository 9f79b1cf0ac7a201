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
    ['fox', 'fօx, fⲟx, f𐐬x with an Armenian, a Coptic and a Deseret letter'],
    ['rape', 'ᎡᎪᏢᎬ, ꭱꭺꮲꭼ in Cherokee letters'],
    ['nude', 'ꓠꓴꓓꓰ in Lisu letters'],
    ['fox', '🇫 🇴 🇽 in the letters of flags'],
    ['fox', 'f҉o҉x҉ in signs around letters'],
    ['fox', 'f็o็x็ with Thai marks'],
    ['fox', `f${'\u0301\u0327'.repeat(200)}ox with four hundred marks`],
    ['aesthetic', 'an æsthetic photo'],
    ['cœur', 'un coeur'],
    ['flag', 'a ﬂag'],
    ['kill', 'KİLL, kıll in Turkish letters'],
    ["don't", 'don’t'],
    ['blue fox', 'a blue-fox'],
    ['blue fox', 'a blue_fox'],
    ['blue-fox', 'a blue fox'],
    ['fox', 'an f o x'],
    ['fox', 'f.o.x!'],
    ['fox', 'F - O - X'],
    ['fox', 'f\no\nx'],
    ['fox', 'f*о*x, spelled with a Cyrillic letter'],
    ['blue fox', 'b l u e  f o x'],
    ['лиса', 'л и с а'],
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
    ['fox', 'a fo x'],
    ['fox', 'options f, o and x'],
    ['ox', 'an o, x'],
    ['fox', 'f0x'],
    ['狐狸', '狐、狸'],
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
    ['uno', 'սոօ, մի կարմիր աղվես'],
    ['cop', 'с о р, как в слове мусор'],
  ])('%s in %s', (word, prompt) => {
    expect(findBlockedWord(prompt, [word])).toBeNull();
  });
});

describe('ordinary prompts in other languages have no word of this English list', () => {
  const ENGLISH =
    'ass anal cock cop cum cunt dick fox gore gun hell hoe kill naked nazi nude porn rape sex slut tit xxx';
  test.each([
    'Рыжая лиса бежит по снежному лесу на рассвете, сор и рис в тарелке, крупный план',
    'Μια κόκκινη αλεπού τρέχει στο χιονισμένο δάσος την αυγή, νέος κόσμος',
    'İstanbul’da ışıklı bir gece, kırmızı tilki ve sıcak çay',
    'ثعلب أحمر يركض في غابة ثلجية عند الفجر',
    'สุนัขจิ้งจอกสีแดงวิ่งในป่าหิมะ',
    '一只红色的狐狸在雪林中奔跑，日出，特写',
    '눈 덮인 숲을 달리는 붉은 여우',
    'Կարմիր աղվեսը վազում է ձյունոտ անտառում',
    'წითელი მელა გარბის თოვლიან ტყეში',
    'एक लाल लोमड़ी बर्फीले जंगल में दौड़ रही है',
    'שועל אדום רץ ביער מושלג',
    'ᎠᎩᎦᎨ ᏧᎳ, ᎤᏃᏥ',
  ])('%s', (prompt) => {
    expect(findBlockedWord(prompt, ENGLISH.split(' '))).toBeNull();
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
