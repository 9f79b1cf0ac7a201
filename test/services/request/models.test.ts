import { expect, test } from 'vitest';
import { parseCreateRequest } from '../../../sandbox/jimmyai/rules.ts';
import {
  billingNames,
  MODEL_IDS,
  MODELS,
  modelOf,
  QUALITIES,
  RATIOS,
  RESOLUTIONS,
  typicalSeconds,
} from '../../../src/services/request/models.ts';
import { findProblem } from '../../../src/services/request/request.ts';
import { fieldsToSend } from '../../../src/services/request/sent.ts';
import { bodyByPage, combinationsOf, MODEL_PAGES } from '../../support/model-pages.ts';

const MOST_CHOICES = 25;
const prompt = 'a fox';

test('each model of the service is in the table, and its entry says what its page says', () => {
  expect(new Set(MODEL_IDS)).toEqual(new Set(Object.keys(MODEL_PAGES)));
  for (const model of MODEL_IDS) {
    const entry = modelOf(model);
    const page = MODEL_PAGES[model];
    expect({ model, ...page }).toMatchObject({
      model,
      ratios: expect.toSatisfy((ratios: string[]) => isSame(ratios, entry.ratios)),
      auto: entry.takesAuto,
      resolutions: entry.hasOneSize ? [] : entry.resolutions,
      qualities: entry.qualities,
      references: entry.maxReferences,
    });
    expect(page?.prompt ?? null).toBe(entry.maxPromptCharacters);
    expect(page?.formats ?? []).toEqual(entry.formats);
    expect(page?.transparent ?? false).toBe(entry.makesTransparent);
    expect(page?.defaults.quality ?? null).toBe(entry.defaults.quality);
    if (page?.defaults.resolution) expect(page.defaults.resolution).toBe(entry.defaults.resolution);
  }
});

test('every choice is some model’s, and there are no more than Discord takes', () => {
  for (const [choices, field] of [
    [RATIOS.slice(1), 'ratios'],
    [RESOLUTIONS, 'resolutions'],
    [QUALITIES, 'qualities'],
  ] as const) {
    expect(choices.length).toBeLessThanOrEqual(MOST_CHOICES);
    const taken = new Set<string>(MODEL_IDS.flatMap((model) => modelOf(model)[field]));
    expect([...choices].filter((choice) => !taken.has(choice))).toEqual([]);
  }
  expect(MODEL_IDS.length).toBeLessThanOrEqual(MOST_CHOICES);
});

test.each(MODEL_IDS)('%s: each combination is right by its page, or refused before it is paid', (model) => {
  for (const combination of combinationsOf(model)) {
    for (const images of [[], ['data:image/png;base64,AA==']]) {
      const request = { ...combination, prompt, transparent: false, count: 1 };
      const body = bodyByPage(combination, images.length);
      const isRight = findProblem(request, images.length) === null;
      expect(isRight, JSON.stringify(combination)).toBe(body !== null);
      if (!isRight) continue;
      const sent = fieldsToSend(request, images.length);
      expect(sent).toEqual({ ...body, prompt });
      expect(parseCreateRequest({ ...sent, images })).toMatchObject({ model });
    }
  }
});

test.each(MODEL_IDS)(
  '%s: an image without a background is right by its page, or refused before it is paid',
  (model) => {
    const request = { model, ...MODELS[model].defaults, prompt, transparent: true, count: 1 };
    const isMade = MODEL_PAGES[model]?.transparent ?? false;
    expect(findProblem(request, 0)).toEqual(isMade ? null : { kind: 'transparency', model });
    const sent = fieldsToSend(request, 0);
    expect([sent.background, sent.output_format]).toEqual(
      isMade ? ['transparent', 'png'] : [undefined, undefined],
    );
    expect(parseCreateRequest(sent)).toMatchObject({ model });
  },
);

test.each(MODEL_IDS)('%s: its defaults make an image, and take some time', (model) => {
  const { defaults } = MODELS[model];
  expect(findProblem({ model, ...defaults, prompt, transparent: false, count: 1 }, 0)).toBeNull();
  for (const resolution of modelOf(model).resolutions) {
    expect(typicalSeconds({ model, resolution, quality: null })).toBeGreaterThan(1);
  }
});

test.each([
  ['gpt-image-2', '1k', 'high', ['gpt-image-2-high', 'gpt-image-2']],
  ['gpt-image-1.5', '1k', 'high', ['gpt-image-1.5-high', 'gpt-image-1.5']],
  ['gpt-image-1.5', '1k', 'auto', ['gpt-image-1.5']],
  ['gpt-image-2.5-flare', '4k', 'max', ['gpt-image-2.5-flare-async', 'gpt-image-2.5-flare']],
  ['nano-banana-pro', '4k', null, ['nano-banana-pro']],
  ['doubao-seedream-5-0-pro', '2k', null, ['doubao-seedream-5-0-pro-2k', 'doubao-seedream-5-0-pro']],
  [
    'grok-imagine-image-2',
    '2k',
    'medium',
    ['grok-imagine-image-2-2k-medium', 'grok-imagine-image-2-2k', 'grok-imagine-image-2'],
  ],
] as const)('%s at %s, %s is billed under the names of its page', (model, resolution, quality, names) => {
  expect(billingNames({ model, resolution, quality })).toEqual(names);
});

test('a model that is in the table no more is known by its id, and makes nothing impossible', () => {
  expect(modelOf('midjourney-9')).toMatchObject({ label: 'midjourney-9', qualities: [] });
});

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && new Set([...some, ...others]).size === some.length;
}
