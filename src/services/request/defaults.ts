import { type ModelId, modelOf, type Quality, type Ratio, RESOLUTIONS, type Resolution } from './models.ts';
import { findShapeProblem, type ImageRequest } from './request.ts';
import type { Settings } from './settings.ts';

/** The options of a request that a person may leave out; null or undefined where they did. */
export interface Choices {
  readonly model?: ModelId | null;
  readonly ratio?: Ratio | null;
  readonly resolution?: Resolution | null;
  readonly quality?: Quality | null;
}

/** The same, all chosen; whether a quality is sent depends on the model. */
export type Chosen = Pick<ImageRequest, 'model' | 'ratio' | 'resolution' | 'quality'>;
type Defaults = Pick<Settings, 'model' | 'ratio' | 'resolution' | 'quality'>;

/**
 * What is made where a person left something out: their own defaults, then the bot's. A default that doesn't go with
 * what they asked for gives way, the resolution first and no further than it must; what they asked for never does.
 */
export function withDefaults(given: Choices, defaults: Defaults, defaultModel: ModelId): Chosen {
  const model = given.model ?? defaults.model ?? defaultModel;
  // What the model doesn't have is nobody's wish until somebody asks for it.
  const quality = given.quality ?? (modelOf(model).takesQuality ? defaults.quality : null);
  const fill = ({ ratio, resolution }: Pick<Defaults, 'ratio' | 'resolution'>): Chosen => ({
    model,
    ratio: given.ratio ?? ratio ?? 'auto',
    resolution: given.resolution ?? resolution ?? '1k',
    quality,
  });
  const wished = fill(defaults);
  const lower = RESOLUTIONS.slice(0, RESOLUTIONS.indexOf(wished.resolution)).reverse();
  const attempts = [
    wished,
    ...lower.map((resolution) => fill({ ...defaults, resolution })),
    fill({ ...defaults, ratio: null }),
  ];
  return attempts.find((attempt) => !findShapeProblem(attempt)) ?? wished;
}
