import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

const PACK = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };

/** A body as a CDN packs it that doesn't look at what was asked for. */
export function packedAnswer(body: Buffer, mime: string, as: keyof typeof PACK): Response {
  return new Response(new Uint8Array(PACK[as](body)), {
    headers: { 'content-type': mime, 'content-encoding': as },
  });
}
