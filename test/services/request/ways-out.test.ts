import { describe, expect, test } from 'vitest';
import { MODEL_IDS, type ModelId } from '../../../src/services/request/models.ts';
import { type ImageRequest, PROMPT_MAX_CHARACTERS } from '../../../src/services/request/request.ts';
import { NO_RULES, type ServerRules } from '../../../src/services/request/server-rules.ts';
import { type Allowed, findObstacle, waysOut } from '../../../src/services/request/ways-out.ts';
import { bodyByPage, combinationsOf } from '../../support/model-pages.ts';

const request: ImageRequest = {
  prompt: 'a fox',
  model: 'gpt-image-2',
  ratio: 'auto',
  resolution: '4k',
  quality: null,
  transparent: false,
  count: 1,
};
const everything: Allowed = { models: MODEL_IDS, rules: NO_RULES };

function only(models: readonly ModelId[], rules: Partial<ServerRules> = {}): Allowed {
  return { models, rules: { ...NO_RULES, ...rules } };
}

test('4K alone, which the default model has in wide shapes only: smaller, wide, or with a model that can', () => {
  expect(waysOut(request, 0, everything)).toEqual([
    { resolution: '2k' },
    { resolution: '1k' },
    ...['16:9', '9:16', '2:1', '1:2', '21:9', '9:21'].map((ratio) => ({ ratio })),
    { model: 'gpt-image-2.5-flare' },
    { model: 'gpt-image-2.5-sunburst' },
    { model: 'nano-banana' },
    { model: 'nano-banana-2' },
    { model: 'nano-banana-2.1' },
    { model: 'nano-banana-pro' },
  ]);
});

test.each([
  ['the nearest shape first', { model: 'gpt-image-1.5', ratio: '16:9', resolution: '1k' }, { ratio: '3:2' }],
  ['the next lower size first', { model: 'doubao-seedream-5-0-pro', ratio: '1:1' }, { resolution: '2k' }],
  [
    'the nearest quality first',
    { model: 'grok-imagine-image-2', resolution: '1k', quality: 'high' },
    { quality: 'medium' },
  ],
] as const)('%s', (_, asked, first) => {
  expect(waysOut({ ...request, ...asked }, 0, everything)[0]).toEqual(first);
});

test('more references than a model takes: another model', () => {
  const ways = waysOut({ ...request, model: 'grok-imagine-image', resolution: '1k' }, 4, everything);
  expect(ways).toEqual(MODEL_IDS.filter((id) => !id.startsWith('grok')).map((model) => ({ model })));
});

test('without a background: a model that makes that, or with one', () => {
  const asked = { ...request, resolution: '1k', transparent: true } as const;
  expect(waysOut(asked, 0, everything)).toEqual([
    { model: 'gpt-image-2.5-flare' },
    { model: 'gpt-image-2.5-sunburst' },
    { model: 'gpt-image-1.5' },
    { transparent: false },
  ]);
});

test('where one change isn’t enough, as few as it takes', () => {
  const asked = { ...request, model: 'doubao-seedream-5-0-pro', ratio: '3:1' } as const;
  expect(waysOut(asked, 0, only(['doubao-seedream-5-0-pro']))[0]).toEqual({
    resolution: '2k',
    ratio: '21:9',
  });
});

test('nothing else is offered than what the rules and the host allow', () => {
  const allowed = only(['gpt-image-2', 'nano-banana', 'nano-banana-pro'], {
    models: ['gpt-image-2', 'nano-banana-pro'],
    maxResolution: '2k',
  });
  expect(waysOut(request, 0, allowed)).toEqual([{ resolution: '2k' }, { resolution: '1k' }]);
  expect(waysOut({ ...request, model: 'nano-banana', resolution: '1k' }, 0, allowed)).toEqual([
    { model: 'gpt-image-2' },
    { model: 'nano-banana-pro' },
  ]);
});

test('a quality that may turn out too high has a lower one beside it', () => {
  const auto = { ...request, model: 'gpt-image-2.5-flare', resolution: '1k' } as const;
  expect(waysOut(auto, 0, only(MODEL_IDS, { maxQuality: 'medium' })).slice(0, 2)).toEqual([
    { quality: 'low' },
    { quality: 'medium' },
  ]);
});

test('what is wrong with a prompt has no way out but another prompt', () => {
  const fine = { ...request, resolution: '1k' } as const;
  const long = 'x'.repeat(PROMPT_MAX_CHARACTERS + 1);
  for (const prompt of ['', long]) expect(waysOut({ ...fine, prompt }, 0, everything)).toEqual([]);
  expect(waysOut(fine, 0, only(MODEL_IDS, { blockedWords: ['fox'] }))).toEqual([]);
});

describe('each combination that a model lacks has ways out, and each of them is right', () => {
  test.each(MODEL_IDS)('%s', (model) => {
    for (const offered of [MODEL_IDS, [model]]) {
      for (const combination of combinationsOf(model).filter((each) => !bodyByPage(each))) {
        const asked = { ...request, ...combination };
        const ways = waysOut(asked, 0, only(offered));
        expect(ways.length, JSON.stringify(combination)).toBeGreaterThan(0);
        expect(ways.filter((way) => findObstacle({ ...asked, ...way }, 0, only(offered)))).toEqual([]);
        expect(ways.length).toBeLessThanOrEqual(25);
      }
    }
  });
});
