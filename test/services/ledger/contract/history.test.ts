import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  EVERYTHING,
  type HistoryFilter,
  type HistoryPlace,
  type Turn,
} from '../../../../src/services/ledger/history.ts';
import { transitions } from '../../../../src/services/ledger/transitions.ts';
import { createTestLedger, type TestLedger } from '../test-ledger.ts';

const DAY_MS = 24 * 60 * 60_000;

let file: TestLedger;
beforeEach(async () => {
  file = await createTestLedger();
});
afterEach(() => file.remove());

test('the newest comes first, and a turn leads one on, until there is none', async () => {
  const [first, second, third] = [await made('a'), await made('b'), await made('c')];
  expect(await page('')).toBe(third);
  expect(await page('', { from: third, to: 'older' })).toBe(second);
  expect(await page('', { from: second, to: 'older' })).toBe(first);
  expect(await page('', { from: first, to: 'older' })).toBeNull();
  expect(await page('', { from: first, to: 'newer' })).toBe(second);
  expect(await page('', { from: third, to: 'newer' })).toBeNull();
});

test('a turn goes on from a page that was deleted in the meantime', async () => {
  const first = await made('a');
  file.now = 2_000;
  const second = await made('b');
  await file.ledger.storedData.forgetBefore(2_000);
  expect(await page('', { from: first, to: 'newer' })).toBe(second);
});

describe('pages of nine', () => {
  const ids: string[] = [];
  beforeEach(async () => {
    ids.length = 0;
    for (let number = 1; number <= 20; number += 1) ids.unshift(await made(`a fox, the ${number}th`));
  });

  test('follow each other without a gap, in both directions', async () => {
    const first = await sheet({});
    expect(first).toMatchObject({ ids: ids.slice(0, 9), hasNewer: false, olderFrom: ids[9] });
    const second = await sheet({}, { id: ids[9] ?? '', position: 0 });
    expect(second).toMatchObject({ ids: ids.slice(9, 18), hasNewer: true, olderFrom: ids[18] });
    const last = await sheet({}, { id: ids[18] ?? '', position: 0 });
    expect(last).toMatchObject({ ids: ids.slice(18), hasNewer: true, olderFrom: null });
    expect((await sheet({}, { id: ids[18] ?? '', position: 9 })).ids).toEqual(second.ids);
    expect((await sheet({}, { id: ids[9] ?? '', position: 9 })).ids).toEqual(first.ids);
  });

  test('are found again from whatever stands on them', async () => {
    expect((await sheet({}, { id: ids[13] ?? '', position: 4 })).ids).toEqual(ids.slice(9, 18));
  });

  test('close up where something was removed', async () => {
    const [gone = ''] = ids.slice(13);
    expect(await file.ledger.storedData.forgetOne('bob', gone)).toMatchObject({ generations: 0 });
    expect(await file.ledger.storedData.forgetOne('ann', gone)).toMatchObject({ generations: 1 });
    const closed = ids.filter((id) => id !== gone);
    expect((await sheet({}, { id: gone, position: 4 })).ids).toEqual(closed.slice(9, 18));
    expect((await sheet({}, { id: ids[19] ?? '', position: 0 })).ids).toEqual([ids[19]]);
    await file.ledger.storedData.forgetOne('ann', ids[19] ?? '');
    // Nothing is there any more: the newest page is.
    expect((await sheet({}, { id: ids[19] ?? '', position: 0 })).ids).toEqual(ids.slice(0, 9));
  });

  test('hold favourites only where that is asked for', async () => {
    const starred = [ids[2], ids[7], ids[19]].filter((id) => id !== undefined);
    for (const id of starred) expect(await file.ledger.generations.star(id, 'ann', true)).toBe(true);
    expect(await file.ledger.generations.star(ids[3] ?? '', 'bob', true)).toBe(false);
    expect(await sheet({ starred: true })).toMatchObject({ ids: starred, hasNewer: false, olderFrom: null });
    expect(await file.ledger.history.favourites('ann', null, 2)).toEqual(starred.slice(0, 2));
    expect(await file.ledger.history.favourites('ann', starred[1] ?? '', 2)).toEqual(starred.slice(2));
    await file.ledger.generations.star(ids[7] ?? '', 'ann', false);
    expect((await sheet({ starred: true })).ids).toEqual([ids[2], ids[19]]);
    expect((await sheet({ starred: true, search: '18th' })).ids).toEqual([ids[2]]);
  });
});

describe('days', () => {
  // Ids are made by the process's clock, and never go back.
  let today = 30_000;
  const at = (day: number) => {
    file.now = day * DAY_MS;
    vi.setSystemTime(file.now);
  };
  beforeEach(() => {
    today += 1000;
    vi.useFakeTimers({ toFake: ['Date'] });
    at(today - 100);
  });
  afterEach(() => vi.useRealTimers());

  test('a page can be of one day or of one model, and names the days that there are', async () => {
    at(today - 3);
    const monday = await file.deliver({ userId: 'ann' });
    at(today);
    const thursday = await file.deliver({ userId: 'ann', request: { model: 'nano-banana' } });
    const later = await file.deliver({ userId: 'ann' });
    expect(await sheet({})).toMatchObject({ ids: [later, thursday, monday], days: [today, today - 3] });
    expect(await sheet({ day: today - 3 })).toMatchObject({
      ids: [monday],
      hasNewer: false,
      olderFrom: null,
    });
    expect((await sheet({ day: today })).ids).toEqual([later, thursday]);
    expect(await sheet({ model: 'nano-banana' })).toMatchObject({ ids: [thursday], days: [today] });
    expect((await sheet({ day: today - 1 })).ids).toEqual([]);
  });

  test('an image of midnight is found on the day that its row names', async () => {
    at(today - 1);
    const evening = await file.deliver({ userId: 'ann' });
    file.now = today * DAY_MS - 1;
    vi.setSystemTime(today * DAY_MS + 5);
    const midnight = await file.deliver({ userId: 'ann' });
    const morning = await file.deliver({ userId: 'ann' });
    expect(await sheet({ day: today - 1 })).toMatchObject({
      ids: [morning, midnight, evening],
      days: [today - 1],
    });
    expect(await sheet({})).toMatchObject({ days: [today - 1] });
  });

  test('whoever picks the last day that is listed sees those before it', async () => {
    for (let back = 39; back >= 0; back -= 1) {
      at(today - back);
      await made(`${back} days ago`);
      await made(`once more, ${back} days ago`);
    }
    const { days } = await sheet({});
    expect(days).toEqual(Array.from({ length: 24 }, (_, back) => today - back));
    expect((await sheet({ day: today - 20 })).days).toEqual(days);
    expect((await sheet({ day: today - 23 })).days).toEqual(
      Array.from({ length: 17 }, (_, back) => today - 23 - back),
    );
  });
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
  expect(await page(search)).toBe(id);
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

test('a turn leads on among what a search finds', async () => {
  const old = await made('an old fox');
  await made('a cat');
  const young = await made('a young fox');
  expect(await page('fox')).toBe(young);
  expect(await page('fox', { from: young, to: 'older' })).toBe(old);
});

test('nobody finds another person’s images', async () => {
  await made('a fox', 'bob');
  const own = await made('a fox');
  expect(await page('')).toBe(own);
  expect(await page('fox')).toBe(own);
  expect(await page('', { from: own, to: 'older' })).toBeNull();
});

test('one person’s searches take turns, and another person’s search goes on beside the first of them', async () => {
  // More than two steps take.
  for (let image = 0; image < 101; image += 1) await Promise.all([made('a fox'), made('a fox', 'bob')]);
  const ended: string[] = [];
  const search = async (userId: string) => {
    await file.ledger.history.sheet(userId, { ...EVERYTHING, search: 'nothing' }, null);
    ended.push(userId);
  };
  await Promise.all([...Array.from({ length: 10 }, () => search('ann')), search('bob')]);
  expect(ended.indexOf('bob')).toBeLessThan(ended.length / 2);
});

test('a search for no word at all shows everything', async () => {
  const id = await made('a fox');
  expect(await page(' "*" ')).toBe(id);
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
    expect(await page(search)).toBe(id);
  },
);

async function made(prompt: string, userId = 'ann'): Promise<string> {
  return file.deliver({ userId, request: { prompt } });
}

/** Ann’s newest, or the one that a turn leads to. */
async function page(typed: string, turn: Turn | null = null): Promise<string | null> {
  const filter = { ...EVERYTHING, search: typed };
  if (turn) return (await file.ledger.history.turn('ann', filter, turn))?.stored.generation.id ?? null;
  return (await sheet(filter)).ids[0] ?? null;
}

async function sheet(filter: Partial<HistoryFilter>, place: HistoryPlace | null = null) {
  const { items, ...rest } = await file.ledger.history.sheet('ann', { ...EVERYTHING, ...filter }, place);
  return { ids: items.map(({ generation }) => generation.id), ...rest };
}
