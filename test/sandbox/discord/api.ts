import type { Discord } from '../../../sandbox/discord/index.ts';

/** An answer of the API with its JSON read. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  // Tests look into answers of many shapes.
  body: Record<string, unknown> & { id: string; code: number };
}

export interface ApiFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  type?: string;
}

/** Calls the sandbox's REST API as a plain HTTP client would. */
export async function call(
  discord: Discord,
  method: string,
  path: string,
  body?: unknown,
  options: { files?: readonly ApiFile[]; token?: string | null } = {},
): Promise<ApiAnswer> {
  const { files, token = discord.token } = options;
  const response = await fetch(`${discord.apiUrl}/v10${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bot ${token}` }),
      ...(!files && body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: files ? multipart(body, files) : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
}

function multipart(body: unknown, files: readonly ApiFile[]): FormData {
  const form = new FormData();
  form.set('payload_json', JSON.stringify(body));
  files.forEach(({ name, bytes, type = 'image/png' }, index) => {
    form.set(`files[${index}]`, new Blob([bytes], { type }), name);
  });
  return form;
}
