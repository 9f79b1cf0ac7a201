import { modelOf, type OutputFormat, type Quality, type Ratio, type Resolution } from './models.ts';
import type { ImageRequest } from './request.ts';

/** The fields of a create that follow from the request. */
export interface SentFields {
  readonly model: string;
  readonly prompt: string;
  readonly ratio?: Ratio;
  readonly resolution?: Resolution;
  readonly quality?: Quality;
  readonly background?: 'transparent';
  readonly output_format?: OutputFormat;
}

/** PNG, because every model that makes transparent images can write it. */
const WITHOUT_BACKGROUND = { background: 'transparent', output_format: 'png' } as const;

/** The fields for the service: only those that the model has, with values that it knows. */
export function fieldsToSend(request: ImageRequest, references: number): SentFields {
  const { model, prompt, resolution, transparent } = request;
  const ratio = ratioToSend(request, references);
  const quality = qualityToSend(request);
  return {
    model,
    prompt,
    ...(ratio && { ratio }),
    ...(!modelOf(model).hasOneSize && { resolution }),
    ...(quality && { quality }),
    ...(transparent && modelOf(model).makesTransparent && WITHOUT_BACKGROUND),
  };
}

/** The quality for the service: the model's default if none was asked for, null if the model has none. */
export function qualityToSend({ model, quality }: Pick<ImageRequest, 'model' | 'quality'>): Quality | null {
  const { qualities, defaults } = modelOf(model);
  return qualities.length > 0 ? (quality ?? defaults.quality) : null;
}

/** Null for `auto` if the model doesn't know that value: without the field it decides by itself. */
function ratioToSend({ model, ratio }: ImageRequest, references: number): Ratio | null {
  const { takesAuto } = modelOf(model);
  const isWord = takesAuto === 'always' || (takesAuto === 'with references' && references > 0);
  return ratio === 'auto' && !isWord ? null : ratio;
}
