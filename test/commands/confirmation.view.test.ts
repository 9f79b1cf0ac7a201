import { expect, test } from 'vitest';
import { renderConfirmation } from '../../src/commands/confirmation.view.ts';
import type { Draft } from '../../src/services/ledger/drafts.ts';
import { generationRow } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { buttonsOf, descriptionOf, en, languages, longPrompts } from './views.ts';

const id = '0190b6a0-0000-7000-8000-00000000d4af';

test('the question says how many images there would be, of what, and that each one is charged', () => {
  const description = descriptionOf(renderConfirmation(id, draftOf('a *fox*'), en));
  expect(description).toMatch(/4 images, each one charged: GPT Image 2 · 16:9 · 4K · High/);
  expect(description).toContain('a \\*fox\\*');
});

test('it can be answered with yes and no, about this draft', () => {
  expect(buttonsOf(renderConfirmation(id, draftOf('a fox'), en))).toMatchObject([
    { action: 'confirm', subject: id, label: 'Make 4 images' },
    { action: 'dismiss', subject: id, label: 'Don’t make them' },
  ]);
});

test.each(Object.entries(longPrompts))('%s stays within Discord’s limits in every language', (_, prompt) => {
  for (const [, text] of languages) {
    expect(messageProblems(renderConfirmation(id, draftOf(prompt), text))).toEqual([]);
  }
});

function draftOf(prompt: string): Draft {
  const { request } = generationRow({ request: { prompt, count: 4 } });
  return { request, references: [], private: false, adapted: false, parentId: null, parentUrl: null };
}
