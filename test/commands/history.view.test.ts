import { expect, test } from 'vitest';
import { DETAIL_MAX_CHARACTERS } from '../../src/commands/custom-id.ts';
import { renderHistory } from '../../src/commands/history.view.ts';
import type { HistoryPage } from '../../src/services/ledger/history.ts';
import type { Task } from '../../src/services/ledger/rows.ts';
import { generationRow, imageRow, NOW, taskRow } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { actionsOf, buttonsOf, descriptionOf, en, languages, longPrompts } from './views.ts';

const URLS = [1, 2, 3, 4].map((number) => `https://cdn.discordapp.com/attachments/1/${number}/fox.png`);

test('a page is the image, its prompt, when it was made, and the way to where it stands', () => {
  const view = renderHistory(pageOf(), URLS.slice(0, 1), '', en);
  expect(view.embeds).toHaveLength(1);
  expect(view.embeds[0]?.image?.url).toBe(URLS[0]);
  expect(descriptionOf(view)).toBe(
    'a \\*fox\\*\n-# <t:1699999990:R> · [jump to it](https://discord.com/channels/4/5/6)',
  );
  expect(view.embeds[0]?.footer?.text).toBe('2 of 3 · GPT Image 2 · 16:9 · 2K · High · 1 reference');
});

test('several images are shown side by side', () => {
  const { embeds } = renderHistory(pageOf({ tasks: [1, 2, 3, 4].map(() => imageRow()) }), URLS, '', en);
  expect(embeds.map(({ image }) => image?.url)).toEqual(URLS);
  const [address, ...others] = new Set(embeds.map(({ url }) => url));
  expect(address).toMatch(/^https:/);
  expect(others).toEqual([]);
  expect(embeds.filter(({ description }) => description)).toHaveLength(1);
});

test('where the picture cannot be shown, that is said, and the rest is there', () => {
  const view = renderHistory(pageOf(), [], '', en);
  expect(descriptionOf(view)).toContain(en.history.pictureElsewhere);
  expect(view.embeds[0]?.image).toBeUndefined();
  expect(actionsOf(view)).toContain('again');
});

test('each page offers what can be made of the image, and the pages beside it', () => {
  expect(actionsOf(renderHistory(pageOf(), URLS.slice(0, 1), '', en))).toEqual([
    'again',
    'edit',
    'reference',
    'larger',
    'newer',
    'older',
  ]);
});

test.each([
  [1, 3, ['newer']],
  [2, 3, []],
  [3, 3, ['older']],
  [1, 1, ['newer', 'older']],
])('on page %i of %i, %j cannot be pressed', (position, total, disabled) => {
  const buttons = buttonsOf(renderHistory(pageOf({ position, total }), [], '', en));
  expect(buttons.filter((button) => button.disabled).map(({ action }) => action)).toEqual(disabled);
});

test('turning a page keeps the words that were searched for, and starts from this page', () => {
  const { id } = generationRow();
  const turns = (search: string) =>
    buttonsOf(renderHistory(pageOf(), [], search, en)).filter(({ action }) => action === 'older');
  expect(turns('a: fox')).toMatchObject([{ subject: id, detail: 'a: fox' }]);
  expect(turns('')[0]).not.toHaveProperty('detail');
});

test('an image that has not reached the person can be sent to where they are', () => {
  const lost = taskRow({
    state: 'undeliverable',
    reason: 'nowhere-to-deliver',
    imageUrl: 'https://x.example/1',
  });
  expect(actionsOf(renderHistory(pageOf({ tasks: [lost] }), [], '', en))).toEqual([
    'send',
    'edit',
    'newer',
    'older',
  ]);
  const partly = renderHistory(pageOf({ tasks: [imageRow(), lost] }), [], '', en);
  expect(actionsOf(partly).slice(0, 2)).toEqual(['send', 'again']);
  expect(messageProblems(partly)).toEqual([]);
});

test('nothing to show is said; what was searched for is repeated as it was typed', () => {
  expect(renderHistory(null, [], '', en).content).toBe(en.history.none);
  expect(renderHistory(null, [], '  ', en).content).toBe(en.history.none);
  expect(renderHistory(null, [], '*fox* @everyone', en).content).toContain('“\\*fox\\* \\@everyone”');
});

test.each(Object.entries(longPrompts))('%s stays within Discord’s limits in every language', (_, prompt) => {
  const tasks = [
    imageRow(),
    imageRow(),
    imageRow(),
    taskRow({ state: 'undeliverable', imageUrl: 'https://x/1' }),
  ];
  const search = '"'.repeat(DETAIL_MAX_CHARACTERS);
  for (const [, text] of languages) {
    expect(messageProblems(renderHistory(pageOf({ tasks, prompt }), URLS, search, text))).toEqual([]);
    expect(messageProblems(renderHistory(null, [], search, text))).toEqual([]);
  }
});

interface PageChanges {
  readonly tasks?: readonly Task[];
  readonly position?: number;
  readonly total?: number;
  readonly prompt?: string;
}

function pageOf({
  tasks = [imageRow()],
  position = 2,
  total = 3,
  prompt = 'a *fox*',
}: PageChanges = {}): HistoryPage {
  const generation = generationRow({
    message: { id: '6', channelId: '5' },
    settledAt: NOW,
    request: { prompt, resolution: '2k', count: tasks.length },
  });
  const reference = {
    generationId: generation.id,
    position: 0,
    name: 'a',
    source: 'discord',
    url: null,
    file: 'a',
  } as const;
  return { stored: { generation, tasks, references: [reference] }, position, total };
}
