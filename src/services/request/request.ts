import { type ModelId, modelOf, type Quality, type Ratio, RESOLUTIONS, type Resolution } from './models.ts';
import { isBlank } from './visible.ts';

/** What a person asked for. `quality` is as asked; whether it is sent depends on the model. */
export interface ImageRequest {
  readonly prompt: string;
  readonly model: ModelId;
  readonly ratio: Ratio;
  readonly resolution: Resolution;
  readonly quality: Quality | null;
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
  | { kind: 'ratio'; model: ModelId; resolution: Resolution; ratio: Ratio; allowed: readonly Ratio[] }
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
  if (prompt.length > PROMPT_MAX_CHARACTERS) return { kind: 'prompt-too-long', max: PROMPT_MAX_CHARACTERS };
  const max = modelOf(model).maxReferences;
  return (
    findShapeProblem(request) ??
    (references > max ? { kind: 'too-many-references', model, max, given: references } : null)
  );
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
  const allowed = modelOf(model).ratiosAt?.[resolution];
  return allowed && !allowed.includes(ratio) ? { kind: 'ratio', model, resolution, ratio, allowed } : null;
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

/** The quality that goes to the service: the API's default where none was asked, none where the model has none. */
export function qualityToSend(request: Pick<ImageRequest, 'model' | 'quality'>): Quality | null {
  return modelOf(request.model).takesQuality ? (request.quality ?? 'low') : null;
}
