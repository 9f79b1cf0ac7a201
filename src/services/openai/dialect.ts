import { ImageServiceError } from '../image-service/errors.ts';
import type { ImageRequest } from '../request/request.ts';
import { isNear, type Size, sizeOf, sizesIn } from './sizes.ts';

/** The differences between servers of this API, and between the models behind a gateway. */
export interface Dialect {
  /** Whether it accepts `response_format`. OpenAI's own models refuse it, and always answer with bytes. */
  readonly hasResponseFormat: boolean;
  /** The field for the shape. xAI's models have the ratio itself, and `resolution`. */
  readonly shapeAs: 'size' | 'aspect_ratio';
  /** The only sizes of the model, if the server has listed them. */
  readonly sizes: readonly Size[] | null;
  /** The name of the form field for references. Null: `image` for one, `image[]` for several, as most servers accept. */
  readonly referencesAs: 'image[]' | 'image' | null;
}

export const OPENAIS_OWN: Dialect = {
  hasResponseFormat: true,
  shapeAs: 'size',
  sizes: null,
  referencesAs: null,
};

/** The dialect to try next if the refusal says how the server differs; else null. */
export function adapted(
  dialect: Dialect,
  error: unknown,
  request: ImageRequest,
  references: number,
): Dialect | null {
  if (!(error instanceof ImageServiceError) || error.kind !== 'parameters' || error.charged !== 'no')
    return null;
  const words = `${error.message} ${error.serviceMessage}`;
  if (dialect.hasResponseFormat && /response_?format/i.test(words))
    return { ...dialect, hasResponseFormat: false };
  const size = dialect.shapeAs === 'size' ? sizeOf(request, dialect.sizes) : null;
  const sizes = size && dialect.sizes === null ? sizesIn(error.serviceMessage ?? '', size) : [];
  if (size && sizes.some((each) => isNear(each, size))) return { ...dialect, sizes };
  if (size && isUnknownField('size', words)) return { ...dialect, shapeAs: 'aspect_ratio' };
  const referencesAs = referencesAsIn(words, dialect, references);
  return referencesAs && { ...dialect, referencesAs };
}

/** Whether the field itself is refused, and not only its value: `Argument not supported: size`. */
function isUnknownField(name: string, words: string): boolean {
  const refused =
    /un(?:known|supported|recognized|expected)|not (?:supported|permitted|allowed)|n[o']t support/i;
  const field = `(?:argument|param(?:eter)?|field|property|input)s?\\b[^.]*\\b${name}\\b`;
  return refused.test(words) && new RegExp(field, 'i').test(words);
}

function referencesAsIn(words: string, { referencesAs }: Dialect, count: number): 'image[]' | 'image' | null {
  if (count === 1 && referencesAs !== 'image[]' && /\bimage\[\]/i.test(words)) return 'image[]';
  return count > 1 && referencesAs !== 'image' && /\bimages?\b/i.test(words) ? 'image' : null;
}
