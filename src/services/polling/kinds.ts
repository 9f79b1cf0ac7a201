import {
  MODELS,
  type ModelId,
  QUALITIES,
  type Quality,
  RESOLUTIONS,
  type Resolution,
  typicalSeconds,
} from '../request/models.ts';
import type { ImageRequest } from '../request/request.ts';
import type { Prior } from './duration-models.ts';

const WITH_REFERENCES = 'references';

/** Names a group of tasks that take about equally long: `gpt-image-2/1k/high`, `nano-banana/2k/references`. */
export function kindOf(
  { model, resolution, quality }: Pick<ImageRequest, 'model' | 'resolution' | 'quality'>,
  references: number,
): string {
  const takesQuality = isModel(model) && MODELS[model].takesQuality;
  const parts = [model, resolution, ...(takesQuality ? [quality ?? 'low'] : [])];
  return [...parts, ...(references > 0 ? [WITH_REFERENCES] : [])].join('/');
}

/** The published durations of a kind; null when there are none. */
export function publishedOf(kind: string): Prior | null {
  const [model = '', resolution, quality] = kind.split('/');
  const isKnown = isModel(model) && RESOLUTIONS.some((known) => known === resolution);
  if (!isKnown) return null;
  const chosen = QUALITIES.find((known) => known === quality) ?? null;
  return {
    medianMs:
      typicalSeconds({ model, resolution: resolution as Resolution, quality: chosen as Quality | null }) *
      1000,
  };
}

function isModel(model: string): model is ModelId {
  return Object.hasOwn(MODELS, model);
}
