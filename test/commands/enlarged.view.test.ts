import { expect, test } from 'vitest';
import { renderEnlarged } from '../../src/commands/enlarged.view.ts';
import { generationRow } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { buttonsOf, descriptionOf, en, languages } from './views.ts';

const URL = 'https://cdn.discordapp.com/attachments/1/2/fox.png';
const generation = generationRow({ request: { count: 4, resolution: '1k' } });

test('one of several images stands alone, under its number, with what can be made of that one', () => {
  for (const [, text] of languages) {
    const view = renderEnlarged(generation, 3, URL, text);
    expect(messageProblems(view)).toEqual([]);
    expect(view.embeds).toEqual([
      expect.objectContaining({ title: text.imageOf(3, 4), image: { url: URL } }),
    ]);
    const buttons = buttonsOf(view);
    expect(buttons.map(({ action }) => action)).toEqual([
      'vary-strong',
      'vary-subtle',
      'reference',
      'larger',
    ]);
    for (const { subject, detail } of buttons) expect([subject, detail]).toEqual([generation.id, '3']);
  }
});

test('one that no message can show says so, and can be worked with all the same', () => {
  const view = renderEnlarged(generation, 3, null, en);
  expect(descriptionOf(view)).toContain(en.history.pictureElsewhere);
  expect(buttonsOf(view)).toHaveLength(4);
});
