import { shorten } from '../shorten.ts';
import {
  type ModelId,
  modelOf,
  type Quality,
  type Ratio,
  RESOLUTIONS,
  type Resolution,
  ratiosAt,
} from './models.ts';
import type { PictureTool, TextTool } from './tools.ts';
import { isBlank } from './visible.ts';

/** A person's request. `quality` is what they asked for; whether it is sent depends on the model. */
export interface ImageRequest {
  readonly prompt: string;
  readonly model: ModelId;
  readonly ratio: Ratio;
  readonly resolution: Resolution;
  readonly quality: Quality | null;
  /** Without a background. */
  readonly transparent: boolean;
  /** How many images; each is a task of its own. */
  readonly count: number;
  /**
   * The tool that makes a picture or words from the request's only reference or its prompt, instead of a model. The other
   * fields then tell what that picture shows, and how a model would continue from it.
   */
  readonly tool?: PictureTool | TextTool | undefined;
}

/** An image that a person attached, as Discord describes it. The bytes may prove otherwise. */
export interface Attachment {
  readonly name: string;
  readonly url: string;
  readonly size: number;
  readonly contentType: string | null;
  readonly isMask?: true;
}

/** Why a request can't be served as it is. The views choose the words. */
export type RequestProblem =
  | { kind: 'empty-prompt' }
  | { kind: 'prompt-too-long'; max: number }
  | { kind: 'resolution'; model: ModelId; allowed: readonly Resolution[] }
  /** `resolution` is given when the model accepts fewer ratios at it; null when the ratio works at no resolution. */
  | { kind: 'ratio'; model: ModelId; resolution: Resolution | null; allowed: readonly Ratio[] }
  | { kind: 'quality'; model: ModelId; allowed: readonly Quality[] }
  | { kind: 'transparency'; model: ModelId }
  | { kind: 'mask-not-taken'; model: ModelId; allowed: readonly ModelId[] }
  | { kind: 'mask-alone' }
  | { kind: 'too-many-references'; model: ModelId; max: number; given: number }
  /** `format` is the kind of image that the file claims to be, if the bot doesn't accept that kind. */
  | { kind: 'not-an-image'; name: string; format: string | null }
  | { kind: 'reference-too-large'; name: string; maxBytes: number };

/** The limit of a modal's text field, too. */
export const PROMPT_MAX_CHARACTERS = 4000;
/** A message's gallery shows this many side by side. It also bounds the cost of one request. */
export const COUNT_MAX = 4;
/** Larger than any phone's photo. The bot shrinks the copy that it sends. */
export const REFERENCE_MAX_BYTES = 25 * 1024 * 1024;

/** The prompt that words of a model become, as long as the request's own model takes. */
export function asPrompt(words: string, { model }: Pick<ImageRequest, 'model'>): string {
  return shorten(words, longestPrompt(model));
}

function longestPrompt(model: ModelId): number {
  return Math.min(PROMPT_MAX_CHARACTERS, modelOf(model).maxPromptCharacters ?? PROMPT_MAX_CHARACTERS);
}

/** Finds a problem of a request before anything is deferred, stored or paid. */
export function findProblem(request: ImageRequest, references: number): RequestProblem | null {
  const { prompt, model } = request;
  if (isBlank(prompt)) return { kind: 'empty-prompt' };
  const { maxReferences, makesTransparent } = modelOf(model);
  const longest = longestPrompt(model);
  if (prompt.length > longest) return { kind: 'prompt-too-long', max: longest };
  const problem = findShapeProblem(request) ?? findQualityProblem(request);
  if (problem) return problem;
  if (request.transparent && !makesTransparent) return { kind: 'transparency', model };
  if (references <= maxReferences) return null;
  return { kind: 'too-many-references', model, max: maxReferences, given: references };
}

/** Finds why a mask can't be sent with a request; `models` are those that accept one. */
export function findMaskProblem(
  { model }: Pick<ImageRequest, 'model'>,
  references: number,
  models: readonly ModelId[],
): RequestProblem | null {
  if (references === 0) return { kind: 'mask-alone' };
  return models.includes(model) ? null : { kind: 'mask-not-taken', model, allowed: models };
}

/** Finds an attachment that can't be a reference, by Discord's description of it. */
export function findAttachmentProblem(attachments: readonly Attachment[]): RequestProblem | null {
  for (const { name, size, contentType } of attachments) {
    if (!mayBeUsable(contentType))
      return { kind: 'not-an-image', name, format: namedFormat(name, contentType) };
    if (size > REFERENCE_MAX_BYTES)
      return { kind: 'reference-too-large', name, maxBytes: REFERENCE_MAX_BYTES };
  }
  return null;
}

type Shape = Pick<ImageRequest, 'model' | 'ratio' | 'resolution'>;

/** Finds a combination that the model doesn't accept. */
export function findShapeProblem({ model, ratio, resolution }: Shape): RequestProblem | null {
  const { resolutions, ratiosAt: restricted } = modelOf(model);
  if (!resolutions.includes(resolution)) return { kind: 'resolution', model, allowed: resolutions };
  const allowed = ratiosAt(model, resolution);
  if (allowed.includes(ratio)) return null;
  return { kind: 'ratio', model, resolution: restricted?.[resolution] ? resolution : null, allowed };
}

/** Finds a quality that the model doesn't have. A model without qualities ignores the option. */
function findQualityProblem({ model, quality }: Pick<ImageRequest, 'model' | 'quality'>) {
  const { qualities: allowed } = modelOf(model);
  if (quality === null || allowed.length === 0 || allowed.includes(quality)) return null;
  return { kind: 'quality', model, allowed } satisfies RequestProblem;
}

/** The next larger resolution that the model makes in this shape. */
export function largerResolution(shape: Shape): Resolution | null {
  const larger = RESOLUTIONS[RESOLUTIONS.indexOf(shape.resolution) + 1];
  return larger && !findShapeProblem({ ...shape, resolution: larger }) ? larger : null;
}

/** Whether a file may be an image that models accept, by its content type. The bytes are checked later anyway. */
export function mayBeUsable(contentType: string | null): boolean {
  return contentType === null || USABLE_TYPES.test(contentType);
}

/**
 * The unsupported kind of image that a file claims to be, by its content type, or by its name if the type is generic.
 */
export function namedFormat(name: string, contentType: string | null): string | null {
  const type = /^image\/(?:x-|vnd\.)?([\w+-]+)/i.exec(contentType ?? '')?.[1];
  const ending = /\.(\w+)$/.exec(name)?.[1];
  const said = contentType === null || /^application\/octet-stream/i.test(contentType) ? ending : type;
  return UNUSABLE_FORMATS.find(([kind]) => kind.test(said ?? ''))?.[1] ?? null;
}

const UNUSABLE_FORMATS = [
  [/^hei[cf](-sequence)?$/i, 'HEIC'],
  [/^(svg|svg\+xml)$/i, 'SVG'],
  [/^tiff?$/i, 'TIFF'],
  [/^(bmp|ms-bmp)$/i, 'BMP'],
  [/^jxl$/i, 'JPEG XL'],
  [/^(ico|icon|microsoft)$/i, 'ICO'],
  [/^(psd|photoshop|adobe)$/i, 'PSD'],
] as const;

const USABLE_TYPES = /^image\/(png|apng|jpe?g|webp|gif|avif)\b/i;
