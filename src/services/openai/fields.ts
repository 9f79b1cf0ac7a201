import type { ImageServiceError } from '../image-service/errors.ts';
import { familyOf } from '../request/models.ts';
import type { ImageRequest } from '../request/request.ts';
import { fieldsToSend, type SentFields } from '../request/sent.ts';
import { sizeOf } from './sizes.ts';

/** The differences between servers of this API. */
export interface Dialect {
  /** Whether it accepts `response_format`. OpenAI's own models refuse it, and always answer with bytes. */
  readonly hasResponseFormat: boolean;
  /** The name of the form field for several references. */
  readonly severalAs: 'image[]' | 'image';
}

export const OPENAIS_OWN: Dialect = { hasResponseFormat: true, severalAs: 'image[]' };

type Fields = Pick<SentFields, 'model' | 'prompt' | 'quality' | 'background' | 'output_format'> & {
  readonly size?: string;
  readonly response_format?: 'b64_json';
};

/** The fields of a create, with pixels instead of ratio and resolution. */
export function fieldsOf(request: ImageRequest, references: number, dialect: Dialect): Fields {
  const { ratio: _ratio, resolution: _resolution, ...fields } = fieldsToSend(request, references);
  const size = sizeOf(request);
  // Bytes always arrive; an address of somebody's own server may be out of reach.
  const asksForBytes = dialect.hasResponseFormat && !isOpenAis(request.model);
  return { ...fields, ...(size && { size }), ...(asksForBytes && { response_format: 'b64_json' }) };
}

/** The form field for references. All servers use the same name for a single one. */
export function referencesAs(count: number, { severalAs }: Dialect): string {
  return count > 1 ? severalAs : 'image';
}

/** The dialect to try next if the refusal names a field that servers disagree about; else null. */
export function adapted(dialect: Dialect, error: ImageServiceError, references: number): Dialect | null {
  if (error.kind !== 'parameters' || error.charged !== 'no') return null;
  const words = `${error.message} ${error.serviceMessage}`;
  if (dialect.hasResponseFormat && /response_?format/i.test(words))
    return { ...dialect, hasResponseFormat: false };
  if (references > 1 && dialect.severalAs === 'image[]' && /\bimages?\b/i.test(words))
    return { ...dialect, severalAs: 'image' };
  return null;
}

function isOpenAis(model: string): boolean {
  return /^(?:chat)?gpt-image/.test(familyOf(model));
}
