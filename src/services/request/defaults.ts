import {
  type ModelId,
  modelOf,
  QUALITY_LEVELS,
  type Quality,
  type QualityLevel,
  type Ratio,
  RESOLUTIONS,
  type Resolution,
} from './models.ts';
import { findShapeProblem, type ImageRequest } from './request.ts';
import { qualityToSend } from './sent.ts';
import type { Settings } from './settings.ts';

/** The options of a request that a person may leave out; null or undefined when they did. */
export interface Choices {
  readonly model?: ModelId | null;
  readonly ratio?: Ratio | null;
  readonly resolution?: Resolution | null;
  readonly quality?: Quality | null;
}

/** The same options, all chosen. Whether the quality is sent depends on the model. */
export type Chosen = Pick<ImageRequest, 'model' | 'ratio' | 'resolution' | 'quality'>;
type Defaults = Pick<Settings, 'model' | 'ratio' | 'resolution' | 'quality'>;

/** The models that the bot's host offers. */
export interface Offer {
  readonly models: readonly ModelId[];
  /** The model when a person chooses none. */
  readonly defaultModel: ModelId;
  /** Those that take a mask: an image whose alpha says what of the first reference may change. */
  readonly maskModels: readonly ModelId[];
}

/** The highest allowed defaults; null for no limit. */
export interface Highest {
  readonly resolution: Resolution | null;
  readonly quality: QualityLevel | null;
}
const NO_LIMIT: Highest = { resolution: null, quality: null };

/**
 * Fills in the options that a person left out, from their own defaults, then the model's. Defaults that don't fit the
 * options they asked for are changed, the resolution first and as little as possible. Options they asked for never
 * change.
 */
export function withDefaults(
  given: Choices,
  defaults: Defaults,
  { models: offered, defaultModel }: Offer,
  highest = NO_LIMIT,
): Chosen {
  const own = defaults.model && offered.includes(defaults.model) ? defaults.model : null;
  const model = given.model ?? own ?? defaultModel;
  const models = modelOf(model).defaults;
  const quality = given.quality ?? defaultQuality(model, defaults.quality, highest.quality);
  const ratios = given.ratio ? [given.ratio] : [defaults.ratio ?? models.ratio, models.ratio];
  const wanted = lower(RESOLUTIONS, defaults.resolution ?? models.resolution, highest.resolution);
  const resolutions = given.resolution ? [given.resolution] : downFrom(RESOLUTIONS, wanted);
  const attempts = ratios.flatMap((ratio) =>
    resolutions.map((resolution) => ({ model, ratio, resolution, quality })),
  );
  return attempts.find((attempt) => !findShapeProblem(attempt)) ?? (attempts[0] as Chosen);
}

/** The lower of two values; the first when there is no second. */
export function lower<Value extends string>(
  ordered: readonly Value[],
  one: Value,
  other: Value | null,
): Value {
  return other === null || ordered.indexOf(one) < ordered.indexOf(other) ? one : other;
}

/** Whether a quality may turn out higher than this. `auto` may turn out to be any. */
export function isHigher(quality: Quality, highest: QualityLevel): boolean {
  return quality === 'auto' || QUALITY_LEVELS.indexOf(quality) > QUALITY_LEVELS.indexOf(highest);
}

/**
 * The person's own default, or the next lower quality that the model has; null for the model's default, unless that is
 * too high.
 */
function defaultQuality(model: ModelId, own: Quality | null, highest: QualityLevel | null): Quality | null {
  const { qualities } = modelOf(model);
  const fits = (quality: Quality) =>
    qualities.includes(quality) && !(highest !== null && isHigher(quality, highest));
  if (own && fits(own)) return own;
  const below = own && own !== 'auto' ? downFrom(QUALITY_LEVELS, own).find(fits) : null;
  if (below) return below;
  const models = qualityToSend({ model, quality: null });
  if (models === null || fits(models)) return null;
  return highest && (downFrom(QUALITY_LEVELS, highest).find(fits) ?? null);
}

function downFrom<Value extends string>(ordered: readonly Value[], from: Value): Value[] {
  return ordered.slice(0, ordered.indexOf(from) + 1).reverse();
}
