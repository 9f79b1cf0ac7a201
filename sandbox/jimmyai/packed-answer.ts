import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

const PACK = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };

/** A body compressed by a CDN that ignores the request's Accept-Encoding. */
export function packedAnswer(body: Buffer, mime: string, as: keyof typeof PACK): Response {
  return new Response(new Uint8Array(PACK[as](body)), {
    headers: { 'content-type': mime, 'content-encoding': as },
  });
}
