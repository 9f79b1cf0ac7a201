import type { ImageServiceError } from '../image-service/errors.ts';
import { familyOf } from '../request/models.ts';
import type { ImageRequest } from '../request/request.ts';
import { fieldsToSend, type SentFields } from '../request/sent.ts';
import { sizeOf } from './sizes.ts';

/** What servers of this API disagree about. */
export interface Dialect {
  /** They know `response_format`. OpenAI's own models refuse it, and answer with the bytes anyway. */
  readonly hasResponseFormat: boolean;
  /** The form's field for each of several references. */
  readonly severalAs: 'image[]' | 'image';
}

export const OPENAIS_OWN: Dialect = { hasResponseFormat: true, severalAs: 'image[]' };

type Fields = Pick<SentFields, 'model' | 'prompt' | 'quality' | 'background' | 'output_format'> & {
  readonly size?: string;
  readonly response_format?: 'b64_json';
};

/** The fields of a create: pixels in place of ratio and resolution. */
export function fieldsOf(request: ImageRequest, references: number, dialect: Dialect): Fields {
  const { ratio: _ratio, resolution: _resolution, ...fields } = fieldsToSend(request, references);
  const size = sizeOf(request);
  // The bytes can't be out of reach, as the address of somebody's own server may be.
  const asksForBytes = dialect.hasResponseFormat && !isOpenAis(request.model);
  return { ...fields, ...(size && { size }), ...(asksForBytes && { response_format: 'b64_json' }) };
}

/** The name under which references go into the form: one alone goes by the same name everywhere. */
export function referencesAs(count: number, { severalAs }: Dialect): string {
  return count > 1 ? severalAs : 'image';
}

/** The dialect to try next where a refusal names what the server doesn't know; null where it is about something else. */
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
