import { z } from 'zod';
import {
  MODEL_NAMES,
  modelNamed,
  QUALITIES,
  type Quality,
  RATIOS,
  type Ratio,
  RESOLUTIONS,
} from './models.ts';

/** A create request as the service accepts it, defaults filled in. */
export type CreateRequest = z.output<typeof createRequest>;

/** The service's 20002: the caller must change the request. The message is shown to the caller. */
export class BadParameters extends Error {}

/** Reads a create request. Throws a BadParameters that names every problem. */
export function parseCreateRequest(body: unknown): CreateRequest {
  const parsed = createRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new BadParameters(
    parsed.error.issues.map(({ path, message }) => [path.join('.') || 'body', message].join(': ')).join('; '),
  );
}

const fields = z.strictObject({
  model: z.enum(MODEL_NAMES),
  prompt: z.string().refine((prompt) => prompt.trim() !== '', 'must not be empty'),
  ratio: z.enum(RATIOS).optional(),
  images: z.array(z.string()).default([]),
  resolution: z.enum(RESOLUTIONS).optional(),
  quality: z.enum(QUALITIES).optional(),
  background: z.enum(['auto', 'opaque', 'transparent']).optional(),
  output_format: z.enum(['png', 'jpeg', 'webp']).optional(),
  mask_url: z.string().optional(),
});

/** Refuses everything that a model's page doesn't name, although the service may ignore it. */
const createRequest = fields
  .superRefine((request, context) => {
    for (const [field, message] of problemsOf(request))
      context.addIssue({ code: 'custom', path: [field], message });
  })
  .transform((request) => {
    const { defaults } = modelNamed(request.model);
    return {
      ...request,
      ratio: request.ratio ?? ratioChosen(request),
      resolution: request.resolution ?? defaults.resolution,
      quality: request.quality ?? defaults.quality ?? ('low' satisfies Quality),
    };
  });

/** The ratio that a model chooses when the caller names none. */
function ratioChosen({ model, images }: Fields): Ratio {
  const { takesAuto, defaults } = modelNamed(model);
  if (takesAuto === 'with references') return images.length > 0 ? 'auto' : '1:1';
  return defaults.ratio;
}

type Fields = z.output<typeof fields>;
type Rule = [isBroken: boolean, field: keyof Fields, message: string];

function problemsOf(request: Fields): [field: string, message: string][] {
  return [...rulesOfShape(request), ...rulesOfContent(request), ...rulesOfFormat(request)]
    .filter(([isBroken]) => isBroken)
    .map(([, field, message]) => [field, message]);
}

function rulesOfShape({ model, ratio, resolution, images }: Fields): Rule[] {
  const { takesAuto, ratios, ratiosAt, resolutions, hasOneSize } = modelNamed(model);
  const restricted = resolution && ratiosAt?.[resolution];
  const mayBeAuto = takesAuto === 'always' || (takesAuto === 'with references' && images.length > 0);
  const taken: readonly string[] = restricted ?? [...(mayBeAuto ? ['auto'] : []), ...ratios];
  const shape = ratio ?? (restricted ? 'auto' : undefined);
  return [
    [shape !== undefined && !taken.includes(shape), 'ratio', `${model} takes only ${taken.join(', ')} here`],
    [hasOneSize === true && resolution !== undefined, 'resolution', `not supported by ${model}`],
    [isOther(resolution, resolutions), 'resolution', `${model} takes only ${resolutions.join(', ')}`],
  ];
}

function rulesOfContent({ model, prompt, images, quality, mask_url: mask }: Fields): Rule[] {
  const { maxPromptCharacters, maxReferences: most, qualities, takesMask } = modelNamed(model);
  const longest = maxPromptCharacters ?? Number.POSITIVE_INFINITY;
  return [
    [prompt.length > longest, 'prompt', `${model} takes at most ${longest} characters`],
    [images.length > most, 'images', `${model} takes at most ${most} reference images`],
    [mask !== undefined && !takesMask, 'mask_url', `not supported by ${model}`],
    [mask !== undefined && images.length === 0, 'mask_url', 'needs images'],
    [isOther(quality, qualities), 'quality', onlyOf(model, qualities)],
  ];
}

function rulesOfFormat({ model, background, output_format: format }: Fields): Rule[] {
  const { formats, makesTransparent } = modelNamed(model);
  const canBeTransparent = format === 'png' || format === 'webp';
  return [
    [background !== undefined && !makesTransparent, 'background', `not supported by ${model}`],
    [isOther(format, formats), 'output_format', onlyOf(model, formats)],
    [background === 'transparent' && !canBeTransparent, 'background', 'transparent needs png or webp'],
  ];
}

/** What the sizes of the references have wrong, where the model's page limits them. Throws BadParameters. */
export function checkShapes(
  model: CreateRequest['model'],
  references: readonly { width: number; height: number }[],
): void {
  const { referenceShape } = modelNamed(model);
  if (!referenceShape) return;
  const { minSidePx, maxRatio } = referenceShape;
  for (const [index, { width, height }] of references.entries()) {
    const [short, long] = width < height ? [width, height] : [height, width];
    if (short < minSidePx || long > short * maxRatio)
      throw new BadParameters(`images.${index}: ${model} takes no picture of ${width} × ${height} pixels`);
  }
}

function isOther<Value>(value: Value | undefined, taken: readonly Value[]): boolean {
  return value !== undefined && !taken.includes(value);
}

function onlyOf(model: string, taken: readonly string[]): string {
  return taken.length > 0 ? `${model} takes only ${taken.join(', ')}` : `not supported by ${model}`;
}
