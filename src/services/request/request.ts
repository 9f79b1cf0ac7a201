import {
  type ModelId,
  modelOf,
  type Quality,
  type Ratio,
  RESOLUTIONS,
  type Resolution,
  ratiosAt,
} from './models.ts';
import { isBlank } from './visible.ts';

/** What a person asked for. `quality` is as asked; whether it is sent depends on the model. */
export interface ImageRequest {
  readonly prompt: string;
  readonly model: ModelId;
  readonly ratio: Ratio;
  readonly resolution: Resolution;
  readonly quality: Quality | null;
  /** Without a background. */
  readonly transparent: boolean;
  /** How many images, each a task of its own. */
  readonly count: number;
}

/** An image that a person attached, as Discord describes it: nothing of it is proven yet. */
export interface Attachment {
  readonly name: string;
  readonly url: string;
  readonly size: number;
  readonly contentType: string | null;
}

/** Why a request can't be served as it stands. The wording is the views' business. */
export type RequestProblem =
  | { kind: 'empty-prompt' }
  | { kind: 'prompt-too-long'; max: number }
  | { kind: 'resolution'; model: ModelId; allowed: readonly Resolution[] }
  /** `resolution` is the one at which the model takes fewer ratios than otherwise; null where it takes no others at all. */
  | { kind: 'ratio'; model: ModelId; resolution: Resolution | null; allowed: readonly Ratio[] }
  | { kind: 'quality'; model: ModelId; allowed: readonly Quality[] }
  | { kind: 'transparency'; model: ModelId }
  | { kind: 'too-many-references'; model: ModelId; max: number; given: number }
  /** `format` is what it calls itself, where that is a kind of image that isn't taken. */
  | { kind: 'not-an-image'; name: string; format: string | null }
  | { kind: 'reference-too-large'; name: string; maxBytes: number };

/** What a modal's text field also holds. */
export const PROMPT_MAX_CHARACTERS = 4000;
/** What a message's gallery shows side by side, and what one request may cost at most. */
export const COUNT_MAX = 4;
/** Larger than any phone's photo; what is sent on is shrunk anyway. */
export const REFERENCE_MAX_BYTES = 25 * 1024 * 1024;

/** Finds what can be known to be wrong with a request before anything is deferred, stored or paid. */
export function findProblem(request: ImageRequest, references: number): RequestProblem | null {
  const { prompt, model } = request;
  if (isBlank(prompt)) return { kind: 'empty-prompt' };
  const { maxPromptCharacters, maxReferences, makesTransparent } = modelOf(model);
  const longest = Math.min(PROMPT_MAX_CHARACTERS, maxPromptCharacters ?? Number.POSITIVE_INFINITY);
  if (prompt.length > longest) return { kind: 'prompt-too-long', max: longest };
  const problem = findShapeProblem(request) ?? findQualityProblem(request);
  if (problem) return problem;
  if (request.transparent && !makesTransparent) return { kind: 'transparency', model };
  if (references <= maxReferences) return null;
  return { kind: 'too-many-references', model, max: maxReferences, given: references };
}

/** Finds a file among a person's attachments that can't be a reference, by what Discord says of it. */
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

/** Finds a combination that the model doesn't take. */
export function findShapeProblem({ model, ratio, resolution }: Shape): RequestProblem | null {
  const { resolutions, ratiosAt: restricted } = modelOf(model);
  if (!resolutions.includes(resolution)) return { kind: 'resolution', model, allowed: resolutions };
  const allowed = ratiosAt(model, resolution);
  if (allowed.includes(ratio)) return null;
  return { kind: 'ratio', model, resolution: restricted?.[resolution] ? resolution : null, allowed };
}

/** Finds a quality that the model doesn't have. One that has none at all makes the image all the same. */
function findQualityProblem({ model, quality }: Pick<ImageRequest, 'model' | 'quality'>) {
  const { qualities: allowed } = modelOf(model);
  if (quality === null || allowed.length === 0 || allowed.includes(quality)) return null;
  return { kind: 'quality', model, allowed } satisfies RequestProblem;
}

/** The next resolution that the model makes in this shape. */
export function largerResolution(shape: Shape): Resolution | null {
  const larger = RESOLUTIONS[RESOLUTIONS.indexOf(shape.resolution) + 1];
  return larger && !findShapeProblem({ ...shape, resolution: larger }) ? larger : null;
}

/** Whether a file may be an image that models take, by what it calls itself. The bytes are checked in any case. */
export function mayBeUsable(contentType: string | null): boolean {
  return contentType === null || USABLE_TYPES.test(contentType);
}

/** The kind of image that isn't taken which a file says it is, by its type or, where that says nothing, its name. */
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
