import { ComponentType } from 'discord.js';
import { expect, test } from 'vitest';
import { decodeChange, encodeChange } from '../../src/commands/change.ts';
import { DETAIL_MAX_CHARACTERS } from '../../src/commands/custom-id.ts';
import { renderProblem } from '../../src/commands/problem.view.ts';
import type { ReplyView } from '../../src/services/discord/reply-message.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import type { ImageRequest } from '../../src/services/request/request.ts';
import { NO_RULES } from '../../src/services/request/server-rules.ts';
import { findObstacle, waysOut } from '../../src/services/request/ways-out.ts';
import { bodyByPage, combinationsOf } from '../support/model-pages.ts';
import { messageProblems } from './limits.ts';
import { buttonsOf, en, languages } from './views.ts';

const id = '0190b6a0-0000-7000-8000-00000000d4af';
const request: ImageRequest = {
  prompt: 'a fox',
  model: 'gpt-image-2',
  ratio: 'auto',
  resolution: '4k',
  quality: null,
  transparent: false,
  count: 1,
};

test('the nearest way of each kind is a button, before the form; the others are in a menu', () => {
  const view = problemOf(request);
  expect(view.content).toMatch(/^GPT Image 2 at 4K takes only the ratios 16:9, /);
  expect(buttonsOf(view).map(({ label, action }) => [label, action])).toEqual([
    ['Make it in 2K', 'way'],
    ['Make it in 16:9', 'way'],
    ['Make it with GPT Image 2.5 Flare', 'way'],
    ['Make it in 1K', 'way'],
    ['Edit prompt', 'draft'],
  ]);
  expect(menuLabels(view)).toEqual([
    ...['9:16', '2:1', '1:2', '21:9', '9:21'].map((ratio) => `Make it in ${ratio}`),
    'Make it with GPT Image 2.5 Sunburst',
    'Make it with Nano Banana',
    'Make it with Nano Banana 2',
    'Make it with Nano Banana 2.1',
    'Make it with Nano Banana Pro',
  ]);
});

test('what has no way out but another prompt has the form alone', () => {
  expect(
    buttonsOf(problemOf({ ...request, resolution: '1k', prompt: ' ' })).map(({ label }) => label),
  ).toEqual(['Edit prompt']);
});

test('Discord takes the question about every combination, in every language, and each way leads where it says', () => {
  for (const model of MODEL_IDS) {
    for (const combination of combinationsOf(model).filter((each) => !bodyByPage(each))) {
      for (const [, text] of languages) {
        const view = problemOf({ ...request, ...combination }, [model], text);
        expect(messageProblems(view), JSON.stringify(combination)).toEqual([]);
      }
    }
  }
});

test('a change is the same once it was an id', () => {
  const change = {
    model: 'gpt-image-2.5-sunburst',
    ratio: '19.5:9',
    resolution: '4k',
    quality: 'medium',
  } as const;
  expect(decodeChange(encodeChange(change))).toEqual(change);
  expect(encodeChange(change).length).toBeLessThanOrEqual(DETAIL_MAX_CHARACTERS);
  for (const forged of ['', 'm=a model', 's=8k', 'x=1k', 'constructor=1', 's=2k,']) {
    expect(decodeChange(forged)).toBeNull();
  }
});

function problemOf(asked: ImageRequest, models = MODEL_IDS, text = en): ReplyView {
  const allowed = { models, rules: NO_RULES };
  const problem = findObstacle(asked, 0, allowed);
  if (!problem) throw new Error('nothing is wrong with it');
  return renderProblem(id, { problem, ways: waysOut(asked, 0, allowed) }, text);
}

function menuLabels({ components }: ReplyView): string[] {
  const parts = components.flatMap((row) => row.components);
  const menus = parts.filter((part) => part.type === ComponentType.StringSelect);
  return menus.flatMap(({ options }) => options.map(({ label }) => label));
}
