import { expect, test } from 'vitest';
import { renderHistory, renderRemoval } from '../../src/commands/history.view.ts';
import { SEARCH_MAX_CHARACTERS } from '../../src/commands/history-state.ts';
import { EVERYTHING, type HistoryEntry } from '../../src/services/ledger/history.ts';
import type { Task } from '../../src/services/ledger/rows.ts';
import { generationRow, imageRow, NOW, taskRow } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { actionsOf, buttonsOf, descriptionOf, en, languages, longPrompts } from './views.ts';

const URLS = [1, 2, 3, 4].map((number) => `https://cdn.discordapp.com/attachments/1/${number}/fox.png`);
const STATE = { filter: EVERYTHING, position: 2 };

test('an entry is the image, its prompt, when it was made, and the way to where it stands', () => {
  const view = rendered(entryOf());
  expect(view.embeds).toHaveLength(1);
  expect(view.embeds[0]?.image?.url).toBe(URLS[0]);
  expect(descriptionOf(view)).toBe(
    'a \\*fox\\*\n-# <t:1699999990:R> · [jump to it](https://discord.com/channels/4/5/6)',
  );
  expect(view.embeds[0]?.footer?.text).toBe('GPT Image 2 · 16:9 · 2K · High · 1 reference');
});

test('several images are shown side by side', () => {
  const { embeds } = rendered(entryOf({ tasks: [1, 2, 3, 4].map(() => imageRow()) }), URLS);
  expect(embeds.map(({ image }) => image?.url)).toEqual(URLS);
  const [address, ...others] = new Set(embeds.map(({ url }) => url));
  expect(address).toMatch(/^https:/);
  expect(others).toEqual([]);
  expect(embeds.filter(({ description }) => description)).toHaveLength(1);
});

test('where the picture cannot be shown, that is said, and the rest is there', () => {
  const view = rendered(entryOf(), []);
  expect(descriptionOf(view)).toContain(en.history.pictureElsewhere);
  expect(view.embeds[0]?.image).toBeUndefined();
  expect(actionsOf(view)).toContain('again');
});

test('where only its small picture is left, that is shown, and said', () => {
  const view = renderHistory(entryOf(), { urls: ['attachment://small-1.webp'], areSmall: true }, STATE, en);
  expect(view.embeds[0]?.image?.url).toBe('attachment://small-1.webp');
  expect(descriptionOf(view)).toContain(en.contactSheet.onlySmall);
});

test('an entry offers what can be made of the image, and the ways on', () => {
  expect(actionsOf(rendered(entryOf()))).toEqual([
    ...['again', 'again', 'edit', 'vary-strong', 'vary-subtle', 'reference', 'larger'],
    ...['star', 'prev', 'next', 'sheet', 'remove'],
  ]);
});

test('an entry of several images offers each by its number, too', () => {
  const view = rendered(entryOf({ tasks: [1, 2, 3, 4].map(() => imageRow()) }), URLS);
  const labels = buttonsOf(view).map(({ label }) => label);
  expect(labels.slice(0, 8)).toEqual(['U1', 'U2', 'U3', 'U4', 'V1', 'V2', 'V3', 'V4']);
  expect(messageProblems(view)).toEqual([]);
});

test('a favourite can be made none again', () => {
  const labels = (entry: HistoryEntry) => buttonsOf(rendered(entry)).map(({ label }) => label);
  expect(labels(entryOf())).toContain(en.contactSheet.star);
  expect(labels(entryOf({ starredAt: NOW }))).toContain(en.contactSheet.unstar);
});

test.each([
  [false, true, ['prev']],
  [true, true, []],
  [true, false, ['next']],
  [false, false, ['prev', 'next']],
])('with newer ones: %s, and older ones: %s, %j cannot be pressed', (hasNewer, hasOlder, disabled) => {
  const buttons = buttonsOf(rendered({ ...entryOf(), hasNewer, hasOlder }));
  expect(buttons.filter((button) => button.disabled).map(({ action }) => action)).toEqual(disabled);
});

test('an image that has not reached the person can be sent to where they are', () => {
  const lost = taskRow({
    state: 'undeliverable',
    reason: 'nowhere-to-deliver',
    imageUrl: 'https://x.example/1',
  });
  expect(actionsOf(rendered(entryOf({ tasks: [lost] }), []))[0]).toBe('send');
  const partly = rendered(entryOf({ tasks: [imageRow(), lost] }), []);
  expect(actionsOf(partly).slice(0, 2)).toEqual(['send', 'again']);
  expect(messageProblems(partly)).toEqual([]);
});

test('before one is removed, that is asked, with a way back', () => {
  const view = renderRemoval(generationRow(), STATE, en);
  expect(view.content).toBe(`> a \\*fox\\*\n${en.contactSheet.confirmRemove}`);
  expect(buttonsOf(view)).toMatchObject([
    { action: 'remove-now', isDangerous: true, subject: generationRow().id },
    { action: 'open', subject: generationRow().id },
  ]);
});

test.each(Object.entries(longPrompts))('%s stays within Discord’s limits in every language', (_, prompt) => {
  const tasks = [
    imageRow(),
    imageRow(),
    imageRow(),
    taskRow({ state: 'undeliverable', imageUrl: 'https://x/1' }),
  ];
  const filter = {
    search: '"'.repeat(SEARCH_MAX_CHARACTERS),
    day: 20_000,
    model: 'nano-banana',
    starred: true,
  };
  const shown = { urls: URLS, areSmall: true };
  for (const [, text] of languages) {
    const view = renderHistory(entryOf({ tasks, prompt }), shown, { filter, position: 8 }, text);
    expect(messageProblems(view)).toEqual([]);
    const asked = renderRemoval(generationRow({ request: { prompt } }), { filter, position: 8 }, text);
    expect(messageProblems(asked)).toEqual([]);
  }
});

function rendered(entry: HistoryEntry, urls: readonly string[] = URLS.slice(0, 1)) {
  return renderHistory(entry, { urls, areSmall: false }, STATE, en);
}

interface EntryChanges {
  readonly tasks?: readonly Task[];
  readonly prompt?: string;
  readonly starredAt?: number | null;
}

function entryOf({
  tasks = [imageRow()],
  prompt = 'a *fox*',
  starredAt = null,
}: EntryChanges = {}): HistoryEntry {
  const generation = generationRow({
    message: { id: '6', channelId: '5' },
    settledAt: NOW,
    starredAt,
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
  return { stored: { generation, tasks, references: [reference] }, hasNewer: true, hasOlder: true };
}
