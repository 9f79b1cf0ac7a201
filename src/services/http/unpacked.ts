import { promisify } from 'node:util';
import { brotliDecompress, constants, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';

/** Asks for an uncompressed body. Some servers compress it nevertheless. */
export const AS_IT_IS = { 'accept-encoding': 'identity' };

/** A body unpacks to more than the limit. */
export class UnpacksToTooMuchError extends Error {
  override readonly name = 'UnpacksToTooMuchError';
}

/**
 * Unpacks a body by its Content-Encoding. Returns the part that arrived of a truncated body, and the same bytes if they
 * aren't packed as the header says. Throws {@link UnpacksToTooMuchError} beyond `maxBytes`.
 */
export async function unpacked(
  body: Uint8Array<ArrayBuffer>,
  contentEncoding: string | string[] | undefined,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const encodings = String(contentEncoding ?? '')
    .toLowerCase()
    .split(',');
  let bytes = body;
  // The encoding that was applied last has to be removed first.
  for (const encoding of encodings.slice(-ENCODINGS_MAX).reverse()) {
    bytes = await unpackedOnce(bytes, encoding.trim(), maxBytes);
  }
  return bytes;
}

/** A body packed more often was made to waste time. */
const ENCODINGS_MAX = 3;

async function unpackedOnce(bytes: Uint8Array<ArrayBuffer>, encoding: string, maxOutputLength: number) {
  for (const unpack of UNPACK.get(encoding) ?? []) {
    try {
      return await unpack(bytes, maxOutputLength);
    } catch (error) {
      if (isTooMuch(error))
        throw new UnpacksToTooMuchError(`over ${maxOutputLength} bytes`, { cause: error });
    }
  }
  return bytes;
}

type Unpack = (bytes: Uint8Array, maxOutputLength: number) => Promise<Buffer<ArrayBuffer>>;

/** Each of these returns the available part when the end is missing. */
const asGzip: Unpack = (bytes, maxOutputLength) =>
  promisify(gunzip)(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
const asZlib: Unpack = (bytes, maxOutputLength) =>
  promisify(inflate)(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
const asDeflate: Unpack = (bytes, maxOutputLength) =>
  promisify(inflateRaw)(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
const asBrotli: Unpack = (bytes, maxOutputLength) =>
  promisify(brotliDecompress)(bytes, { maxOutputLength, finishFlush: constants.BROTLI_OPERATION_FLUSH });
const asZstd: Unpack = (bytes, maxOutputLength) =>
  promisify(zstdDecompress)(bytes, { maxOutputLength, finishFlush: constants.ZSTD_e_flush });

/** `deflate` means zlib's format, but some servers send it without zlib's header (RFC 9110 §8.4.1.2). */
const UNPACK: ReadonlyMap<string, readonly Unpack[]> = new Map([
  ['gzip', [asGzip]],
  ['x-gzip', [asGzip]],
  ['deflate', [asZlib, asDeflate]],
  ['br', [asBrotli]],
  ['zstd', [asZstd]],
]);

function isTooMuch(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
