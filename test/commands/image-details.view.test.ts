import { expect, test } from 'vitest';
import { renderDetails } from '../../src/commands/image-details.view.ts';
import { generationRow, imageRow, taskRow } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { actionsOf, descriptionOf, en, languages, longPrompts } from './views.ts';

const PARENT = 'https://discord.com/channels/123456789012345678/123456789012345678/123456789012345678';

test('they say what was asked for, by whom and when, what it was made from, and the number in the log', () => {
  const view = renderDetails(storedWith('a *fox*'), en);
  expect(descriptionOf(view).split('\n')).toEqual([
    'a \\*fox\\*',
    '',
    '-# by <@3> <t:1699999990:R>',
    `-# Made from [this message](${PARENT}).`,
    '-# Reference number 89abcdef',
  ]);
  expect(view.embeds[0]?.footer?.text).toBe('GPT Image 2 · 16:9 · 2K · High');
});

test('what its images cost together is told as far as the service has told it', () => {
  const costs = (...costs: (number | null)[]) => {
    const tasks = costs.map((cost) => imageRow({ cost }));
    return descriptionOf(renderDetails({ ...storedWith('a fox'), tasks }, en));
  };
  expect(costs(0.12)).toContain('\n-# Cost 0.12 coins\n');
  expect(costs(0.1, 0.2, null)).toContain('-# Cost 0.3 coins\n');
  expect(costs(null)).not.toContain('Cost');
});

test('what was made from nothing says nothing of it', () => {
  const stored = storedWith('a fox');
  const generation = { ...stored.generation, parentUrl: null };
  expect(descriptionOf(renderDetails({ ...stored, generation }, en))).not.toContain('Made from');
});

test('something new can be made of it, but the reply is not deleted from here', () => {
  expect(actionsOf(renderDetails(storedWith('a fox'), en))).toEqual([
    ...['again', 'again', 'edit', 'vary-strong', 'vary-subtle', 'reference', 'larger'],
  ]);
  const failed = [taskRow({ state: 'failed', reason: 'credit' })];
  expect(actionsOf(renderDetails({ ...storedWith('a fox'), tasks: failed }, en))).toEqual(['edit']);
});

test('a prompt that fits is there as a whole', () => {
  const prompt = 'word '.repeat(760).trim();
  const [shown = ''] = descriptionOf(renderDetails(storedWith(prompt), en)).split('\n');
  expect(shown).toHaveLength(prompt.length);
});

test.each(Object.entries(longPrompts))(
  '%s stays within Discord’s limits, and does not push out the rest',
  (_, prompt) => {
    for (const [, text] of languages) {
      const view = renderDetails(storedWith(prompt), text);
      expect(messageProblems(view)).toEqual([]);
      expect(descriptionOf(view)).toContain(PARENT);
      expect(descriptionOf(view)).toContain('89abcdef');
    }
  },
);

function storedWith(prompt: string) {
  const generation = generationRow({ parentUrl: PARENT, request: { prompt, resolution: '2k' } });
  return { generation, tasks: [imageRow()], references: [] };
}
