import { ComponentType } from 'discord.js';
import { expect, test } from 'vitest';
import { renderSheet } from '../../src/commands/history-sheet.view.ts';
import { decodeState, SEARCH_MAX_CHARACTERS } from '../../src/commands/history-state.ts';
import type { ReplyView } from '../../src/services/discord/reply-message.ts';
import { EVERYTHING, type HistorySheet } from '../../src/services/ledger/history.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import { generationRow, imageRow, NOW } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { buttonsOf, descriptionOf, en, languages, longPrompts } from './views.ts';

const TODAY = 19_675;

test('a page is one picture, and a line and a button for each image', () => {
  const view = renderSheet(sheetOf(9), EVERYTHING, 'history.webp', en);
  expect(view.embeds[0]?.image?.url).toBe('attachment://history.webp');
  expect(descriptionOf(view).split('\n')).toHaveLength(9);
  expect(descriptionOf(view)).toMatch(/^\*\*1\*\* ⭐ a \\\*fox\\\* · <t:1699999990:R>\n\*\*2\*\* a \\\*fox/);
  expect(buttonsOf(view).slice(0, 9)).toMatchObject(
    Array.from({ length: 9 }, (_, index) => ({
      label: String(index + 1),
      action: 'open',
      subject: idOf(index),
    })),
  );
  expect(messageProblems(view)).toEqual([]);
});

test('an image’s button knows where on the page it stands', () => {
  const fourth = buttonsOf(renderSheet(sheetOf(9), EVERYTHING, null, en))[3];
  expect(decodeState(fourth?.detail).position).toBe(3);
});

test('the pages beside it are led to where there are any', () => {
  const turns = (sheet: Partial<HistorySheet>) =>
    buttonsOf(renderSheet({ ...sheetOf(9), ...sheet }, EVERYTHING, null, en)).filter(
      ({ action }) => action === 'sheet',
    );
  expect(turns({ hasNewer: true, olderFrom: 'older' })).toMatchObject([
    { label: 'Newer', subject: idOf(0), disabled: false },
    { label: 'Older', subject: 'older', disabled: false },
  ]);
  expect(turns({ hasNewer: false, olderFrom: null }).map(({ disabled }) => disabled)).toEqual([true, true]);
});

test('the menus offer the days that there are, and every model', () => {
  const filter = { ...EVERYTHING, day: TODAY };
  const [days, models] = optionsOf(
    renderSheet({ ...sheetOf(1), days: [TODAY, TODAY - 3] }, filter, null, en),
  );
  expect(days).toEqual([
    { label: 'All days', picked: false },
    { label: 'Tuesday, November 14, 2023 (UTC)', picked: true },
    { label: 'Saturday, November 11, 2023 (UTC)', picked: false },
  ]);
  expect(models).toHaveLength(MODEL_IDS.length + 1);
  expect(models?.filter(({ picked }) => picked)).toEqual([{ label: 'All models', picked: true }]);
});

test('what is looked for is said', () => {
  const filter = { search: 'fox', day: TODAY, model: 'nano-banana', starred: true };
  expect(renderSheet(sheetOf(1), filter, null, en).embeds[0]?.footer?.text).toBe(
    'Favourites · “fox” · Tuesday, November 14, 2023 (UTC) · Nano Banana',
  );
});

test('only among favourites is there a ZIP of them', () => {
  const actions = (starred: boolean) =>
    buttonsOf(renderSheet(sheetOf(1), { ...EVERYTHING, starred }, null, en)).map(({ action }) => action);
  expect(actions(false)).not.toContain('zip');
  expect(actions(true)).toContain('zip');
});

test('nothing to show is said; what was searched for is repeated as it was typed', () => {
  const none = (search: string) => renderSheet(sheetOf(0), { ...EVERYTHING, search }, null, en);
  expect(none('')).toMatchObject({ content: en.history.none, components: [] });
  expect(none('  ').content).toBe(en.history.none);
  expect(none('*fox* @everyone').content).toContain('“\\*fox\\* \\@everyone”');
});

test('from a day, a model or favourites without an image there is a way out', () => {
  const starred = renderSheet(sheetOf(0), { ...EVERYTHING, starred: true }, null, en);
  expect(starred.content).toBe(en.contactSheet.noFavourites);
  expect(buttonsOf(starred).map(({ label }) => label)).toEqual([en.contactSheet.all]);
  const day = renderSheet(sheetOf(0), { ...EVERYTHING, day: 5 }, null, en);
  expect(day.content).toBe(en.contactSheet.noneLikeThat);
  expect(optionsOf(day)[0]?.map(({ label }) => label)).toContain('All days');
  expect(messageProblems(day)).toEqual([]);
});

test.each(Object.entries(longPrompts))(
  'nine of %s stay within Discord’s limits in every language',
  (_, prompt) => {
    const filter = {
      search: '"'.repeat(SEARCH_MAX_CHARACTERS),
      day: TODAY,
      model: 'nano-banana',
      starred: true,
    };
    const days = Array.from({ length: 24 }, (_, back) => TODAY - 1 - back);
    for (const [, text] of languages) {
      const full = { ...sheetOf(9, prompt), days };
      expect(messageProblems(renderSheet(full, filter, 'history.webp', text))).toEqual([]);
      expect(messageProblems(renderSheet(sheetOf(0), filter, null, text))).toEqual([]);
    }
  },
);

function sheetOf(many: number, prompt = 'a *fox*'): HistorySheet {
  const items = Array.from({ length: many }, (_, index) => ({
    generation: generationRow({
      id: idOf(index),
      starredAt: index === 0 ? NOW : null,
      request: { prompt, count: 1 },
    }),
    tasks: [imageRow()],
    references: [],
  }));
  return { items, hasNewer: false, olderFrom: null, days: many > 0 ? [TODAY] : [] };
}

function idOf(index: number): string {
  return `0190b6a0-0000-7000-8000-01238900000${index}`;
}

function optionsOf({ components }: ReplyView) {
  return components.flatMap((row) =>
    row.components.flatMap((part) =>
      part.type === ComponentType.StringSelect
        ? [part.options.map((option) => ({ label: option.label, picked: option.default }))]
        : [],
    ),
  );
}
