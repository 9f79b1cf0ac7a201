import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withDefaults } from '../../../src/services/request/defaults.ts';
import { MODEL_IDS, modelOf, QUALITIES, RATIOS, RESOLUTIONS } from '../../../src/services/request/models.ts';
import { findShapeProblem } from '../../../src/services/request/request.ts';
import { NO_SETTINGS } from '../../../src/services/request/settings.ts';
import { offering } from '../../support/offering.ts';

const choices = {
  model: fc.option(fc.constantFrom(...MODEL_IDS)),
  ratio: fc.option(fc.constantFrom(...RATIOS)),
  resolution: fc.option(fc.constantFrom(...RESOLUTIONS)),
  quality: fc.option(fc.constantFrom(...QUALITIES)),
};
const given = fc.record(choices, { requiredKeys: [] });
const defaults = fc.record(choices);
const model = fc.constantFrom(...MODEL_IDS);

test('what was asked for never gives way', () => {
  fc.assert(
    fc.property(given, defaults, model, (asked, own, bots) => {
      const wanted = Object.entries(asked).filter(([, value]) => value !== null);
      expect(withDefaults(asked, own, offering(bots))).toMatchObject(Object.fromEntries(wanted));
    }),
  );
});

test('the person’s own defaults come before the model’s, wherever they go together', () => {
  fc.assert(
    fc.property(given, defaults, model, (asked, own, bots) => {
      const chosen = asked.model ?? own.model ?? bots;
      const models = modelOf(chosen).defaults;
      const wished = {
        model: chosen,
        ratio: asked.ratio ?? own.ratio ?? models.ratio,
        resolution: asked.resolution ?? own.resolution ?? models.resolution,
      };
      if (findShapeProblem(wished)) return;
      expect(withDefaults(asked, own, offering(bots))).toMatchObject(wished);
    }),
  );
});

test('the result is a shape that the model takes, wherever giving up a default brings one', () => {
  fc.assert(
    fc.property(given, defaults, model, (asked, own, bots) => {
      const result = withDefaults(asked, own, offering(bots));
      if (!findShapeProblem(result)) return;
      for (const ratio of [own.ratio, null]) {
        for (const resolution of [own.resolution, null]) {
          const other = withDefaults(asked, { ...own, ratio, resolution }, offering(bots));
          expect(findShapeProblem(other), JSON.stringify(other)).not.toBeNull();
        }
      }
    }),
  );
});

test('the model stays what it is, and a default quality is one that the model has', () => {
  fc.assert(
    fc.property(given, defaults, model, (asked, own, bots) => {
      const result = withDefaults(asked, own, offering(bots));
      expect(result.model).toBe(asked.model ?? own.model ?? bots);
      if (asked.quality) expect(result.quality).toBe(asked.quality);
      else if (result.quality) expect(modelOf(result.model).qualities).toContain(result.quality);
    }),
  );
});

test.each([
  ['high', 'gpt-image-2', 'high'],
  ['max', 'gpt-image-2', 'high'],
  ['high', 'grok-imagine-image-2', 'medium'],
  ['auto', 'grok-imagine-image-2', null],
  ['high', 'nano-banana', null],
] as const)('of a default quality %s, %s makes %s', (quality, model, made) => {
  expect(withDefaults({}, { ...NO_SETTINGS, quality }, offering(model)).quality).toBe(made);
});

test.each([
  ['grok-imagine-image-2', 'low', 'low'],
  ['gpt-image-2.5-flare', 'high', 'high'],
  ['gpt-image-1.5', 'max', 'high'],
  ['gpt-image-2', 'medium', null],
] as const)('%s has a default quality within %s: %s', (model, quality, made) => {
  expect(withDefaults({}, NO_SETTINGS, offering(model), { resolution: null, quality }).quality).toBe(made);
});

test('a model’s own default gives way to what may be made at most', () => {
  const seedream = (resolution: '1k' | null) =>
    withDefaults({}, NO_SETTINGS, offering('doubao-seedream-5-0-pro'), { resolution, quality: null });
  expect(seedream(null)).toMatchObject({ ratio: '1:1', resolution: '2k' });
  expect(seedream('1k').resolution).toBe('1k');
});

test.each([
  [
    'the default resolution gives way to a ratio that was asked for, no further than it must',
    { ratio: '1:1' },
    '1:1',
    '2k',
  ],
  [
    'the default resolution gives way to a model that was asked for, no further than it must',
    { model: 'gpt-image-2' },
    '3:2',
    '2k',
  ],
  ['both stay where the model takes them', { model: 'nano-banana' }, '3:2', '4k'],
] as const)('%s', (_, asked, ratio, resolution) => {
  const own = { ...NO_SETTINGS, ratio: '3:2', resolution: '4k' } as const;
  expect(withDefaults(asked, own, offering('gpt-image-2'))).toMatchObject({ ratio, resolution });
});

test('without a wish or a default, it is the bot’s model at 1K in a shape of its choice', () => {
  expect(withDefaults({}, NO_SETTINGS, offering('nano-banana'))).toEqual({
    model: 'nano-banana',
    ratio: 'auto',
    resolution: '1k',
    quality: null,
  });
});

test('a default model that isn’t offered any more gives way to the bot’s', () => {
  const own = { ...NO_SETTINGS, model: 'nano-banana' } as const;
  const offer = {
    models: ['gpt-image-2', 'gpt-image-1.5'],
    defaultModel: 'gpt-image-1.5',
    maskModels: [],
  } as const;
  expect(withDefaults({}, own, offer)).toMatchObject({ model: 'gpt-image-1.5', ratio: '1:1' });
});
