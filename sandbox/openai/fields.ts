import { z } from 'zod';

/** A create as OpenAI's reference of "Create image" and "Create image edit" has it. */
export type ImageFields = z.output<typeof imageFields>;

/** HTTP 400 in OpenAI's shape. `param` names the field. */
export class InvalidRequest extends Error {
  readonly param: string | null;
  readonly code: string | null;
  constructor(
    message: string,
    { param = null, code = null }: { param?: string | null; code?: string | null },
  ) {
    super(message);
    this.param = param;
    this.code = code;
  }
}

const imageFields = z.strictObject({
  model: z.string(),
  prompt: z.string().min(1).max(32_000),
  size: z.string().optional(),
  quality: z.enum(['auto', 'low', 'medium', 'high', 'xhigh', 'max']).optional(),
  background: z.enum(['auto', 'opaque', 'transparent']).optional(),
  output_format: z.enum(['png', 'jpeg', 'webp']).optional(),
  moderation: z.enum(['auto', 'low']).optional(),
  n: z.coerce.number().int().min(1).max(10).optional(),
  user: z.string().optional(),
  response_format: z.enum(['url', 'b64_json']).optional(),
  // Only of xAI's models.
  aspect_ratio: z
    .string()
    .regex(/^[\d.]+:[\d.]+$/)
    .optional(),
  resolution: z.enum(['1k', '2k']).optional(),
});

interface Model {
  readonly isOpenAis: boolean;
  readonly qualities: readonly string[];
  /** The only sizes that its server takes. */
  readonly sizes?: readonly string[];
  /** Takes `aspect_ratio` and `resolution` in place of `size`. */
  readonly takesRatio?: true;
  /** Knows the references of an edit by this name only. */
  readonly referencesAs?: 'image[]';
}

/** OpenAI's models, and those of other servers, with what public reports say of each. */
const MODELS: Readonly<Record<string, Model>> = {
  'gpt-image-1.5': { isOpenAis: true, qualities: ['auto', 'low', 'medium', 'high'] },
  'gpt-image-2': { isOpenAis: true, qualities: ['auto', 'low', 'medium', 'high'] },
  'gpt-image-2.5-flare': { isOpenAis: true, qualities: ['auto', 'low', 'medium', 'high', 'xhigh', 'max'] },
  'flux-dev': { isOpenAis: false, qualities: [] },
  // A gateway has other services' models, too.
  'grok-imagine-image': { isOpenAis: false, qualities: [], takesRatio: true },
  'imagen-4': { isOpenAis: false, qualities: [], sizes: ['1024x1024', '1024x1792', '1792x1024'] },
  // As earlier versions of stable-diffusion.cpp's server.
  'stable-diffusion': { isOpenAis: false, qualities: [], referencesAs: 'image[]' },
  'nano-banana': { isOpenAis: false, qualities: [] },
  'nano-banana-2': { isOpenAis: false, qualities: [] },
  'nano-banana-pro': { isOpenAis: false, qualities: [] },
};

export const OPENAI_MODEL_NAMES = Object.keys(MODELS);

/** Throws InvalidRequest in OpenAI's words. */
export function parseFields(body: unknown): ImageFields & { readonly answersUrl: boolean } {
  const parsed = imageFields.safeParse(body);
  if (!parsed.success) throw problemOf(parsed.error.issues[0]);
  const fields = parsed.data;
  const model = MODELS[fields.model];
  if (!model)
    throw new InvalidRequest(`The model '${fields.model}' does not exist.`, { code: 'model_not_found' });
  // "This parameter isn't supported for the GPT image models, which always return base64-encoded images."
  if (model.isOpenAis && fields.response_format !== undefined) throw unknownParameter('response_format');
  checkShapeFields(fields, model);
  if (fields.quality !== undefined && !model.qualities.includes(fields.quality))
    throw invalidValue('quality', fields.quality, model.qualities);
  if (fields.background === 'transparent') {
    if (fields.model === 'gpt-image-2')
      throw new InvalidRequest('Transparent background is not supported for this model.', {
        param: 'background',
      });
    if (fields.output_format === 'jpeg')
      throw new InvalidRequest('Transparent background is not supported for JPEG output format.', {
        param: 'background',
      });
  }
  if (fields.size !== undefined && fields.size !== 'auto') checkSize(fields.model, fields.size);
  return { ...fields, answersUrl: !model.isOpenAis && fields.response_format !== 'b64_json' };
}

/** The name by which the model knows references; null where it knows both. */
export function referencesAsOf(model: unknown): 'image[]' | null {
  return MODELS[String(model)]?.referencesAs ?? null;
}

function checkShapeFields(
  { size, aspect_ratio, resolution }: ImageFields,
  { takesRatio, sizes }: Model,
): void {
  if (takesRatio && size !== undefined) throw new InvalidRequest('Argument not supported: size', {});
  if (!takesRatio && aspect_ratio !== undefined) throw unknownParameter('aspect_ratio');
  if (!takesRatio && resolution !== undefined) throw unknownParameter('resolution');
  if (sizes && size !== undefined && !sizes.includes(size)) throw invalidValue('size', size, sizes);
}

const FIXED_SIZES = ['1024x1024', '1024x1536', '1536x1024', 'auto'];

/** gpt-image-2 takes any size within its limits; the older ones take three. */
function checkSize(model: string, size: string): void {
  const [width = 0, height = 0] = size.split('x').map(Number);
  if (!/^\d{2,4}x\d{2,4}$/.test(size)) throw invalidValue('size', size, FIXED_SIZES);
  if (model === 'gpt-image-1.5' && !FIXED_SIZES.includes(size)) throw invalidValue('size', size, FIXED_SIZES);
  if (!MODELS[model]?.isOpenAis) return;
  const limits: [boolean, string][] = [
    [width % 16 !== 0 || height % 16 !== 0, 'Both edges must be multiples of 16'],
    [Math.max(width, height) > 3840, 'The longest edge must be at most 3840'],
    [Math.max(width / height, height / width) > 3, 'The aspect ratio must be at most 3:1'],
    [width * height < 655_360 || width * height > 8_294_400, 'The total pixels are out of range'],
  ];
  const [broken] = limits.filter(([isBroken]) => isBroken);
  if (broken) throw new InvalidRequest(`Invalid size '${size}'. ${broken[1]}.`, { param: 'size' });
}

function problemOf(issue: z.core.$ZodIssue | undefined): InvalidRequest {
  if (issue?.code === 'unrecognized_keys') return unknownParameter(issue.keys[0] ?? '');
  const param = issue?.path.join('.') ?? null;
  return new InvalidRequest(`Invalid value for '${param}': ${issue?.message}.`, {
    param,
    code: 'invalid_value',
  });
}

function unknownParameter(param: string): InvalidRequest {
  return new InvalidRequest(`Unknown parameter: '${param}'.`, { param, code: 'unknown_parameter' });
}

function invalidValue(param: string, value: string, allowed: readonly string[]): InvalidRequest {
  const words = allowed.map((each) => `'${each}'`).join(', ');
  return new InvalidRequest(`Invalid value: '${value}'. Supported values are: ${words}.`, {
    param,
    code: 'invalid_value',
  });
}
