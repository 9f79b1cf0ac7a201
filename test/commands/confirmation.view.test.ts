import { expect, test } from 'vitest';
import { renderConfirmation, renderRefusal } from '../../src/commands/confirmation.view.ts';
import { zhCN } from '../../src/commands/text/zh-cn.ts';
import type { Draft } from '../../src/services/ledger/drafts.ts';
import { generationRow } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { buttonsOf, descriptionOf, en, languages, longPrompts } from './views.ts';

const id = '0190b6a0-0000-7000-8000-00000000d4af';

test('the question says how many images there would be, of what, and that each one is charged', () => {
  const description = descriptionOf(renderConfirmation(id, draftOf('a *fox*'), null, null, en));
  expect(description).toMatch(/4 images, each one charged: GPT Image 2 · 16:9 · 4K · High/);
  expect(description).toContain('a \\*fox\\*');
});

test('where no command of theirs stands above it, the question names the person', () => {
  expect(descriptionOf(renderConfirmation(id, draftOf('a fox'), null, '3', en))).toMatch(/\n-# by <@3>$/);
  expect(descriptionOf(renderConfirmation(id, draftOf('a fox'), null, null, en))).not.toContain('<@');
});

test('where the price of one is known, it says about what all of them cost', () => {
  expect(descriptionOf(renderConfirmation(id, draftOf('a fox'), 0.09, null, en))).toMatch(
    /^This makes 4 images, each one charged, about 0\.36 coins in all: GPT Image 2/,
  );
  expect(descriptionOf(renderConfirmation(id, draftOf('a fox'), 0.1 + 0.2, null, zhCN))).toMatch(
    /共约 1\.2 币/,
  );
});

test('it can be answered with yes and no, about this draft', () => {
  expect(buttonsOf(renderConfirmation(id, draftOf('a fox'), null, null, en))).toMatchObject([
    { action: 'confirm', subject: id, label: 'Make 4 images' },
    { action: 'dismiss', subject: id, label: 'Don’t make them' },
  ]);
});

const agreed = { draftId: id, isAgreed: true };
const notAsked = { draftId: id, isAgreed: false };

test('a refusal leads back to the request: the same once more, or a change of it', () => {
  expect(buttonsOf(renderRefusal(notAsked, draftOf('a fox'), { words: 'no' }, en))).toEqual([
    expect.objectContaining({ action: 'try', subject: id, label: 'Try again' }),
    expect.objectContaining({ action: 'draft', subject: id, label: 'Edit prompt' }),
  ]);
});

test('what would be refused whenever it is tried can only be changed', () => {
  const view = renderRefusal(notAsked, draftOf('a fox'), { words: 'no', instead: null }, en);
  expect(buttonsOf(view).map(({ label }) => label)).toEqual(['Edit prompt']);
});

test('the number of images that a person has agreed to goes along, and no other one', () => {
  const detailOf = (...[kept, refusal]: [typeof agreed, object]) =>
    buttonsOf(renderRefusal(kept, draftOf('a fox'), { words: 'no', ...refusal }, en))[0]?.detail;
  expect(detailOf(agreed, {})).toBe('4');
  expect(detailOf(notAsked, {})).toBeUndefined();
  expect(detailOf(notAsked, { instead: { label: 'Make 2 images', images: 2 } })).toBe('2');
  expect(detailOf(notAsked, { instead: { label: 'Leave it out' } })).toBeUndefined();
});

test.each(Object.entries(longPrompts))('%s can be copied from a refusal as far as it fits', (_, prompt) => {
  const view = renderRefusal(agreed, draftOf(prompt), { words: 'no', showsPrompt: true }, en);
  expect(messageProblems(view)).toEqual([]);
  expect(view.embeds[0]?.title).toBe('Your prompt');
});

test.each(Object.entries(longPrompts))('%s stays within Discord’s limits in every language', (_, prompt) => {
  for (const [, text] of languages) {
    expect(messageProblems(renderConfirmation(id, draftOf(prompt), 123.456, '3', text))).toEqual([]);
  }
});

function draftOf(prompt: string): Draft {
  const { request } = generationRow({ request: { prompt, count: 4 } });
  return { request, references: [], private: false, adapted: false, parentId: null, parentUrl: null };
}
