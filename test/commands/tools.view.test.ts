import { expect, test } from 'vitest';
import { renderGeneration } from '../../src/commands/generation.view.ts';
import { decodePick, renderToolQuestion } from '../../src/commands/tools/question.view.ts';
import { TOOLS } from '../../src/services/request/tools.ts';
import { generationRow, imageRow, jobState, liveTask } from '../services/rows.ts';
import { messageProblems } from './limits.ts';
import { actionsOf, buttonsOf, descriptionOf, en, languages } from './views.ts';

const NOW = 1_700_000_000_000;
const upscale = { name: 'upscale', factor: 4 } as const;
const generation = generationRow({ request: { prompt: 'a fox', quality: 'high', tool: upscale } });

test('while a tool works nothing can be cancelled, and before that it can', () => {
  const working = renderGeneration(jobState([liveTask({ state: 'submitting' })], { generation }), NOW);
  expect(descriptionOf(working)).toContain(en.tool.working.upscale);
  expect(actionsOf(working)).toEqual([]);
  const waiting = renderGeneration(jobState([liveTask({ state: 'reserved' })], { generation }), NOW);
  expect(actionsOf(waiting)).toEqual(['cancel']);
});

test('what a tool made is called that, with the ways on that make sense', () => {
  const state = jobState([liveTask(imageRow())], { generation, references: 1, stage: 'final' });
  const view = renderGeneration(state, NOW, TOOLS);
  expect(view.embeds[0]?.footer?.text).toMatch(/^Upscaled ×4/);
  expect(view.embeds[0]?.footer?.text).not.toMatch(/reference|1K/);
  expect(actionsOf(view)).toEqual(['remove-bg', 'reference', 'star', 'delete']);
});

test('why there is no picture is said of the picture, and no reference can be left out', () => {
  const row = { state: 'refused', reason: 'reference-not-an-image', serviceWords: '1' } as const;
  const view = renderGeneration(jobState([liveTask(row)], { generation, stage: 'final' }), NOW, TOOLS);
  expect(descriptionOf(view)).toContain('The image is damaged, or is none');
  expect(actionsOf(view)).toEqual(['delete']);
});

test.each(languages)('in %s, a question about ten images stays within Discord’s limits', (_, text) => {
  const size = { width: 2048, height: 2048 };
  const choices = Array.from({ length: 10 }, (_, index) => ({
    ...{ index, number: index + 1, size },
    url: 'https://x.example/1.png',
  }));
  for (const tool of ['upscale', 'remove-bg'] as const)
    expect(messageProblems(renderToolQuestion('d', tool, choices, 0.02, text))).toEqual([]);
});

test('what a button of the question says is what is done', () => {
  const choices = [{ index: 3, number: null, size: null, url: null }];
  const details = (tool: 'upscale' | 'remove-bg') =>
    buttonsOf(renderToolQuestion('d', tool, choices, null, en)).map(({ detail }) => decodePick(tool, detail));
  expect(details('upscale')).toEqual([
    { index: 3, tool: { name: 'upscale', factor: 2 } },
    { index: 3, tool: upscale },
  ]);
  expect(details('remove-bg')).toEqual([{ index: 3, tool: { name: 'remove-bg' } }]);
  for (const detail of [undefined, '', 'x2', '3x3', '3', '33x2'])
    expect(decodePick('upscale', detail)).toBeNull();
});
