import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Turn } from '../../../src/services/ledger/history.ts';
import { transitions } from '../../../src/services/ledger/transitions.ts';
import { createLedgerFile, type LedgerFile } from './ledger-file.ts';

let file: LedgerFile;
beforeEach(() => {
  file = createLedgerFile();
});
afterEach(() => file.remove());

test('the newest page comes first, and a turn leads one page on, until there is none', async () => {
  const [first, second, third] = [await made('a'), await made('b'), await made('c')];
  expect(await page('')).toEqual({ id: third, position: 1, total: 3 });
  expect(await page('', { from: third, to: 'older' })).toEqual({ id: second, position: 2, total: 3 });
  expect(await page('', { from: second, to: 'older' })).toEqual({ id: first, position: 3, total: 3 });
  expect(await page('', { from: first, to: 'older' })).toBeNull();
  expect(await page('', { from: first, to: 'newer' })).toEqual({ id: second, position: 2, total: 3 });
  expect(await page('', { from: third, to: 'newer' })).toBeNull();
});

test('a turn goes on from a page that was deleted in the meantime', async () => {
  const first = await made('a');
  file.now = 2_000;
  const second = await made('b');
  await file.ledger.storedData.forgetBefore(2_000);
  expect(await page('', { from: first, to: 'newer' })).toEqual({ id: second, position: 1, total: 1 });
});

test('what has no image has no page', async () => {
  const { ledger } = file;
  await file.reserve({ userId: 'ann' });
  const refused = await file.reserve({ userId: 'ann' });
  const [task] = (await ledger.generations.find(refused))?.tasks ?? [];
  if (!task) throw new Error('there is no task');
  const end = transitions.refuse({ reason: 'credit' }, 1).to(task);
  await ledger.generations.settle(refused, null, [{ from: 'reserved', task: end }]);
  expect(await page('')).toBeNull();
});

test.each([
  ['a word', 'snow'],
  ['its beginning', 'sno'],
  ['other letter case', 'SNOW Fox'],
  ['words in any order', 'snow fox'],
  ['no accents', 'cafe'],
  ['accents that the prompt lacks', 'snöw'],
  ['accents of their own characters', 'cafe\u0301'],
  ['two accents on one letter', 'viet'],
  ['a Chinese word', '狐狸'],
  ['the beginning of a Chinese sentence', '雪中'],
  ['one Chinese character', '狸'],
  ['full-width letters', 'ｆｏｘ'],
  ['words of both languages', '雪中 fox'],
  ['a hyphenated word', 'photo-realistic'],
  ['a part of one', 'realistic'],
])('a search finds a prompt by %s', async (_, search) => {
  await made('a cat');
  const id = await made('A red fox at the Café Việt, in the snow: 雪中的狐狸, photo-realistic');
  await made('一只猫');
  expect(await page(search)).toEqual({ id, position: 1, total: 1 });
});

test.each([
  ['the middle of a word', 'ox'],
  ['a word that is missing besides one that is there', 'fox cat'],
  ['Chinese characters in another order', '狸狐'],
  ['Chinese characters that stand apart', '雪狐'],
])('a search does not find a prompt by %s', async (_, search) => {
  await made('a fox: 雪中的狐狸');
  expect(await page(search)).toBeNull();
});

test('pages of a search are counted among what it finds', async () => {
  const old = await made('an old fox');
  await made('a cat');
  const young = await made('a young fox');
  expect(await page('fox')).toEqual({ id: young, position: 1, total: 2 });
  expect(await page('fox', { from: young, to: 'older' })).toEqual({ id: old, position: 2, total: 2 });
});

test('nobody finds another person’s images', async () => {
  await made('a fox', 'bob');
  const own = await made('a fox');
  expect(await page('')).toEqual({ id: own, position: 1, total: 1 });
  expect(await page('fox')).toEqual({ id: own, position: 1, total: 1 });
  expect(await page('', { from: own, to: 'older' })).toBeNull();
});

test('one person’s searches take turns, and another person’s search goes on beside the first of them', async () => {
  // More than one step takes.
  const images = Array.from({ length: 401 });
  await Promise.all(images.flatMap(() => [made('a fox'), made('a fox', 'bob')]));
  const ended: string[] = [];
  const search = async (userId: string) => {
    await file.ledger.history.page(userId, 'nothing', null);
    ended.push(userId);
  };
  await Promise.all([...Array.from({ length: 10 }, () => search('ann')), search('bob')]);
  expect(ended.indexOf('bob')).toBeLessThan(2);
});

test('a search for no word at all shows everything', async () => {
  const id = await made('a fox');
  expect(await page(' "*" ')).toEqual({ id, position: 1, total: 1 });
});

test.each([
  'fox AND',
  'AND OR NOT',
  'NEAR(fox, 2)',
  '"fox',
  'fox"',
  "fox'; DROP TABLE generations; --",
  'fox*',
  '*fox',
  '^fox',
  '-fox',
  'fox -cat',
  'words:fox',
  'words : fox',
  '{words}:fox',
  '(fox',
  'fox)',
  'fox + cat',
  '\\fox',
  '%fox_',
  'fo\u0000x',
  '🦊 fox',
  '\ud83e fox',
  '𝔣𝔬𝔵',
])('a person may type %j without breaking the search', async (search) => {
  await made('a fox');
  expect(await page(search)).not.toBeUndefined();
});

test('whatever else is typed, it is a search and not a mistake', async () => {
  await made('a fox AND a cat');
  const parts = fc.constantFrom(
    'fox',
    'AND',
    'NOT',
    'NEAR',
    '狐',
    ' ',
    '"',
    "'",
    '*',
    '-',
    ':',
    '^',
    '(',
    ')',
    '{',
    '}',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(parts, { maxLength: 12 }), async (typed) => {
      expect(await page(typed.join(''))).not.toBeUndefined();
    }),
  );
});

test.each(['fox*', '"fox"', '-fox', '^fox', 'fox:', '(fox)', 'fox,'])(
  'signs around a word, as in %s, do not keep it from being found',
  async (search) => {
    const id = await made('a fox');
    expect(await page(search)).toEqual({ id, position: 1, total: 1 });
  },
);

async function made(prompt: string, userId = 'ann'): Promise<string> {
  return file.deliver({ userId, request: { prompt } });
}

/** Ann’s page. */
async function page(search: string, turn: Turn | null = null) {
  const found = await file.ledger.history.page('ann', search, turn);
  return found && { id: found.stored.generation.id, position: found.position, total: found.total };
}
