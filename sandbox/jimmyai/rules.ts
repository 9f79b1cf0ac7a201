import { z } from 'zod';
import { MODELS, type ModelName, QUALITIES, RATIOS, RESOLUTIONS } from './models.ts';

/** A create request as the service accepts it, defaults filled in. */
export type CreateRequest = z.output<typeof createRequest>;

/** The service's 20002: the caller must change the request. The message is shown to the caller. */
export class BadParameters extends Error {}

/** Throws BadParameters naming every problem of a create request's body. */
export function parseCreateRequest(body: unknown): CreateRequest {
  const parsed = createRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new BadParameters(
    parsed.error.issues.map(({ path, message }) => [path.join('.') || 'body', message].join(': ')).join('; '),
  );
}

const createRequest = z
  .strictObject({
    model: z.enum(Object.keys(MODELS) as ModelName[]),
    prompt: z.string().refine((prompt) => prompt.trim() !== '', 'must not be empty'),
    ratio: z.enum(RATIOS).default('auto'),
    images: z.array(z.string()).default([]),
    resolution: z.enum(RESOLUTIONS).default('1k'),
    quality: z.enum(QUALITIES).optional(),
  })
  .superRefine((request, context) => {
    const { maxReferences, takesQuality, ratiosAt4k } = MODELS[request.model];
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });

    if (request.images.length > maxReferences) {
      refuse('images', `${request.model} takes at most ${maxReferences} reference images`);
    }
    if (request.quality !== undefined && !takesQuality) {
      refuse('quality', `not supported by ${request.model}`);
    }
    if (request.resolution === '4k' && !ratiosAt4k.some((ratio) => ratio === request.ratio)) {
      refuse('ratio', `${request.model} at 4k supports only ${ratiosAt4k.join(', ')}`);
    }
  })
  .transform((request) => ({ ...request, quality: request.quality ?? 'low' }));
