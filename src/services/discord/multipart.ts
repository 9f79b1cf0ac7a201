import { randomUUID } from 'node:crypto';
import type { ReplyFile } from './reply-message.ts';

/** A request's body and its content type. */
export interface Multipart {
  readonly body: Buffer;
  readonly headers: { readonly 'content-type': string };
}

/**
 * A message and its files in one buffer (RFC 7578; docs: reference, uploading files). discord.js would copy each file
 * into a Blob and send it 64 KB at a time, which takes four times as long.
 */
export function multipart(message: unknown, files: readonly ReplyFile[]): Multipart {
  const boundary = `imagine-${randomUUID()}`;
  const head = (disposition: string, type: string) =>
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`,
    );
  const end = Buffer.from('\r\n');
  const parts = files.flatMap(({ attachment, name }, index) => [
    head(`name="files[${index}]"; filename="${escaped(name)}"`, typeOf(name)),
    attachment,
    end,
  ]);
  const json = [head('name="payload_json"', 'application/json'), Buffer.from(JSON.stringify(message)), end];
  return {
    body: Buffer.concat([...json, ...parts, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

/** Escapes a file name as browsers do (WHATWG HTML, multipart/form-data encoding). */
function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function typeOf(name: string): string {
  const extension = name.slice(name.lastIndexOf('.') + 1);
  return extension === 'jpg' ? 'image/jpeg' : `image/${extension}`;
}
