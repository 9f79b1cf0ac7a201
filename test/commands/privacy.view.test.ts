import { expect, test } from 'vitest';
import { renderPrivacy } from '../../src/commands/privacy.view.ts';
import { NOW } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { actionsOf, descriptionOf, en, languages } from './views.ts';

const summary = { generations: 12, unfinished: 1, files: 3, since: NOW };

test('each matter is a short block of its own, in every language', () => {
  for (const [locale, text] of languages) {
    const view = renderPrivacy({ summary, changes: 2, retentionDays: 30 }, text);
    const blocks = descriptionOf(view).split('\n\n');
    expect(blocks, locale).toHaveLength(5);
    for (const block of blocks) expect(block).toMatch(/^\*\*.+\*\*\n.{1,200}$/);
    expect(messageProblems(view)).toEqual([]);
  }
});

test('what is stored is counted, and what there is none of is not spoken of', () => {
  const state = { summary, changes: 0, retentionDays: 30 };
  const shown = descriptionOf(renderPrivacy(state, en));
  expect(shown).toContain(
    '12 requests (1 unfinished), each with its prompt, settings and place, and 3 image files.',
  );
  expect(shown).not.toContain('server rules');
  const none = { ...summary, generations: 0, unfinished: 0, files: 0, since: null };
  expect(descriptionOf(renderPrivacy({ ...state, summary: none }, en))).toContain('\nNo requests.');
});

test('it can be exported, and deleted', () => {
  expect(actionsOf(renderPrivacy({ summary, changes: 0, retentionDays: 30 }, en))).toEqual([
    'export',
    'forget',
  ]);
});
