import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withDefaults } from '../../../src/services/request/defaults.ts';
import {
  MODEL_IDS,
  type ModelId,
  modelOf,
  QUALITIES,
  type Quality,
  RATIOS,
  RESOLUTIONS,
} from '../../../src/services/request/models.ts';
import { findShapeProblem } from '../../../src/services/request/request.ts';
import { NO_SETTINGS } from '../../../src/services/request/settings.ts';

const choices = {
  model: fc.option(fc.constantFrom(...MODEL_IDS)),
  ratio: fc.option(fc.constantFrom(...RATIOS)),
  resolution: fc.option(fc.constantFrom(...RESOLUTIONS)),
  quality: fc.option(fc.constantFrom(...QUALITIES)),
};
const given = fc.record(choices, { requiredKeys: [] });
const defaults = fc.record(choices);
const model = fc.constantFrom(...MODEL_IDS);

/** A default quality means nothing to a model that has none, and nobody is to be told so each time. */
function qualityFor(model: ModelId, quality: Quality | null): Quality | null {
  return modelOf(model).takesQuality ? quality : null;
}

test('what was asked for never gives way', () => {
  fc.assert(
    fc.property(given, defaults, model, (asked, own, bots) => {
      const wanted = Object.entries(asked).filter(([, value]) => value !== null);
      expect(withDefaults(asked, own, bots)).toMatchObject(Object.fromEntries(wanted));
    }),
  );
});

test('the person’s own defaults come before the bot’s, wherever they go together', () => {
  fc.assert(
    fc.property(given, defaults, model, (asked, own, bots) => {
      const wished = {
        model: asked.model ?? own.model ?? bots,
        ratio: asked.ratio ?? own.ratio ?? 'auto',
        resolution: asked.resolution ?? own.resolution ?? '1k',
        quality: asked.quality ?? qualityFor(asked.model ?? own.model ?? bots, own.quality),
      };
      if (findShapeProblem(wished)) return;
      expect(withDefaults(asked, own, bots)).toEqual(wished);
    }),
  );
});

test('the result is a shape that the model takes, wherever giving up a default brings one', () => {
  fc.assert(
    fc.property(given, defaults, model, (asked, own, bots) => {
      const result = withDefaults(asked, own, bots);
      if (!findShapeProblem(result)) return;
      for (const ratio of [own.ratio, null]) {
        for (const resolution of [own.resolution, null]) {
          const other = withDefaults(asked, { ...own, ratio, resolution }, bots);
          expect(findShapeProblem(other)?.kind, JSON.stringify(other)).toBe('ratio');
        }
      }
    }),
  );
});

test('the model and the quality stay what they are where the shape has to give way', () => {
  fc.assert(
    fc.property(given, defaults, model, (asked, own, bots) => {
      const result = withDefaults(asked, own, bots);
      expect(result.model).toBe(asked.model ?? own.model ?? bots);
      expect(result.quality).toBe(asked.quality ?? qualityFor(result.model, own.quality));
    }),
  );
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
  expect(withDefaults(asked, own, 'gpt-image-2')).toMatchObject({ ratio, resolution });
});

test('without a wish or a default, it is the bot’s model at 1K in a shape of its choice', () => {
  expect(withDefaults({}, NO_SETTINGS, 'nano-banana')).toEqual({
    model: 'nano-banana',
    ratio: 'auto',
    resolution: '1k',
    quality: null,
  });
});
