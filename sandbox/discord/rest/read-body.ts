import { contentTypeOf } from '../cdn.ts';
import { invalidFormBody, invalidJson, tooLarge } from '../errors.ts';
import type { UploadedFile } from './route.ts';

/** docs: reference, uploading files – the limit for the whole request. */
const REQUEST_LIMIT_BYTES = 25 * 1024 * 1024;

export interface ReadBody {
  body: unknown;
  files: UploadedFile[];
}

/** Reads a JSON or multipart body. @throws {DiscordError} 40005 when it is too large, 50109 when it isn't JSON. */
export async function readBody(request: Request): Promise<ReadBody> {
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > REQUEST_LIMIT_BYTES) throw tooLarge();
  if (bytes.byteLength === 0) return { body: undefined, files: [] };
  const contentType = request.headers.get('content-type') ?? '';
  return contentType.startsWith('multipart/form-data')
    ? readMultipart(bytes, contentType)
    : { body: parseJson(new TextDecoder().decode(bytes)), files: [] };
}

async function readMultipart(bytes: ArrayBuffer, contentType: string) {
  const form = await new Response(bytes, { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => {
      throw invalidFormBody([
        { path: [], code: 'CONTENT_TYPE_INVALID', message: 'Malformed multipart body' },
      ]);
    });
  const files: UploadedFile[] = [];
  const fields: Record<string, unknown> = {};
  for (const [field, value] of form) {
    if (typeof value === 'string') fields[field] = value;
    else files.push(await readFile(field, value));
  }
  const payload = fields.payload_json;
  return { body: typeof payload === 'string' ? parseJson(payload) : fields, files };
}

async function readFile(field: string, file: File): Promise<UploadedFile> {
  return {
    field,
    name: file.name,
    bytes: new Uint8Array(await file.arrayBuffer()),
    contentType: contentTypeOf(file.name) ?? (file.type || null),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidJson();
  }
}
