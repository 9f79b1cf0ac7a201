import { MODELS, type ModelId, modelOf, type Quality, type Ratio, type Resolution } from './models.ts';

/** What a person asked for. `quality` is as asked; whether it is sent depends on the model. */
export interface ImageRequest {
  readonly prompt: string;
  readonly model: ModelId;
  readonly ratio: Ratio;
  readonly resolution: Resolution;
  readonly quality: Quality | null;
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
  | { kind: 'not-an-image'; name: string }
  | { kind: 'reference-too-large'; name: string; maxBytes: number };

/** What a modal's text field also holds. */
export const PROMPT_MAX_CHARACTERS = 4000;
/** Larger than any phone's photo; what is sent on is shrunk anyway. */
export const REFERENCE_MAX_BYTES = 25 * 1024 * 1024;

/** Finds what can be known to be wrong before anything is deferred, stored or paid. */
export function findProblem(request: ImageRequest, references: readonly Attachment[]): RequestProblem | null {
  const { prompt, model, ratio, resolution } = request;
  if (prompt.trim() === '') return { kind: 'empty-prompt' };
  if (prompt.length > PROMPT_MAX_CHARACTERS) return { kind: 'prompt-too-long', max: PROMPT_MAX_CHARACTERS };

  const allowed = modelOf(model).ratiosAt?.[resolution];
  if (allowed && !allowed.includes(ratio)) return { kind: 'ratio', model, resolution, ratio, allowed };

  const { maxReferences } = MODELS[model];
  if (references.length > maxReferences) {
    return { kind: 'too-many-references', model, max: maxReferences, given: references.length };
  }
  for (const { name, size, contentType } of references) {
    if (!mayBeUsable(contentType)) return { kind: 'not-an-image', name };
    if (size > REFERENCE_MAX_BYTES)
      return { kind: 'reference-too-large', name, maxBytes: REFERENCE_MAX_BYTES };
  }
  return null;
}

/** Whether a file may be an image that models take, by what it calls itself. The bytes are checked in any case. */
export function mayBeUsable(contentType: string | null): boolean {
  return contentType === null || USABLE_TYPES.test(contentType);
}

const USABLE_TYPES = /^image\/(png|apng|jpe?g|webp|gif|avif)\b/i;

/** The quality that goes to the service: the API's default where none was asked, none where the model has none. */
export function qualityToSend(request: Pick<ImageRequest, 'model' | 'quality'>): Quality | null {
  return modelOf(request.model).takesQuality ? (request.quality ?? 'low') : null;
}
