import sharp from 'sharp';
import { decodeReference, type Reference } from '../jimmyai/references.ts';
import { InvalidRequest, referencesAsOf } from './fields.ts';

const IMAGES_MAX = 16;
const FILE_MAX_BYTES = 50 * 1024 * 1024;

export interface EditForm {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly images: readonly Reference[];
  readonly mask: Reference | null;
}

/** Reads the form of "Create image edit": `image`, or `image[]` once for each of several. Throws InvalidRequest. */
export async function readEditForm(form: FormData): Promise<EditForm> {
  if (form.getAll('image').length > 1) {
    throw new InvalidRequest(
      "Duplicate parameter: 'image'. You provided multiple values for this parameter, whereas only one is allowed. If you are trying to provide a list of values, use the array syntax instead e.g. 'image[]=<value>'.",
      { param: 'image', code: 'duplicate_parameter' },
    );
  }
  const only = referencesAsOf(form.get('model'));
  if (only && !form.has(only)) throw new InvalidRequest(`at least one ${only} required`, {});
  const files = [...form.getAll('image'), ...form.getAll('image[]')];
  if (files.length === 0) throw missing('image');
  if (files.length > IMAGES_MAX)
    throw new InvalidRequest(`At most ${IMAGES_MAX} images are taken.`, { param: 'image' });
  const images = await Promise.all(files.map((file) => decoded(file, 'image')));
  const masks = form.getAll('mask');
  const mask = masks[0] === undefined ? null : await maskFor(masks[0], images[0]);
  const names = [...new Set(form.keys())].filter((name) => !FILES.has(name));
  return { fields: Object.fromEntries(names.map((name) => [name, form.get(name)])), images, mask };
}

const FILES: ReadonlySet<string> = new Set(['image', 'image[]', 'mask']);

async function decoded(file: File | string, param: string): Promise<Reference> {
  if (typeof file === 'string') throw missing(param);
  if (file.size > FILE_MAX_BYTES) throw new InvalidRequest('The file is too large.', { param });
  const bytes = Buffer.from(await file.arrayBuffer());
  const reference = await decodeReference(bytes, param).catch((error: Error) => {
    throw new InvalidRequest(error.message, { param, code: 'invalid_image_file' });
  });
  if (!/^image\/(png|jpeg|webp)$/.test(reference.mime) || reference.mime !== file.type)
    throw new InvalidRequest(`Unsupported mimetype ('${file.type}').`, {
      param,
      code: 'unsupported_file_mimetype',
    });
  return { source: 'file', ...reference };
}

/** "An additional image whose fully transparent areas indicate where image should be edited", of the first one's size. */
async function maskFor(file: File | string, first: Reference | undefined): Promise<Reference> {
  const mask = await decoded(file, 'mask');
  const { hasAlpha } = await sharp(mask.bytes).metadata();
  if (!hasAlpha) throw new InvalidRequest('Invalid mask image: it has no alpha channel.', { param: 'mask' });
  if (mask.width !== first?.width || mask.height !== first.height)
    throw new InvalidRequest('Invalid mask image: its size differs from the image.', { param: 'mask' });
  return mask;
}

function missing(param: string): InvalidRequest {
  return new InvalidRequest(`Missing required parameter: '${param}'.`, {
    param,
    code: 'missing_required_parameter',
  });
}
