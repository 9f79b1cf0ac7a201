import { familyOf } from '../request/models.ts';
import type { ImageRequest } from '../request/request.ts';
import { fieldsToSend, type SentFields } from '../request/sent.ts';
import type { Dialect } from './dialect.ts';
import { sizeOf } from './sizes.ts';

type Fields = Pick<SentFields, 'model' | 'prompt' | 'quality' | 'background' | 'output_format'> & {
  readonly size?: string;
  readonly aspect_ratio?: string;
  readonly resolution?: string;
  readonly response_format?: 'b64_json';
};

/** The fields of a create, with pixels instead of ratio and resolution where the server takes them. */
export function fieldsOf(request: ImageRequest, references: number, dialect: Dialect): Fields {
  const { ratio: _ratio, resolution: _resolution, ...fields } = fieldsToSend(request, references);
  // Bytes always arrive; an address of somebody's own server may be out of reach.
  const asksForBytes = dialect.hasResponseFormat && !isOpenAis(request.model);
  return { ...fields, ...shapeOf(request, dialect), ...(asksForBytes && { response_format: 'b64_json' }) };
}

function shapeOf(
  request: ImageRequest,
  { shapeAs, sizes }: Dialect,
): Pick<Fields, 'size' | 'aspect_ratio' | 'resolution'> {
  const { ratio, resolution } = request;
  if (shapeAs === 'aspect_ratio')
    return { ...(ratio !== 'auto' && { aspect_ratio: ratio }), ...(resolution !== '1k' && { resolution }) };
  const size = sizeOf(request, sizes);
  return size ? { size: `${size.width}x${size.height}` } : {};
}

/** The form field for references. */
export function referencesAs(count: number, { referencesAs }: Dialect): string {
  return referencesAs ?? (count > 1 ? 'image[]' : 'image');
}

function isOpenAis(model: string): boolean {
  return /^(?:chat)?gpt-image/.test(familyOf(model));
}
