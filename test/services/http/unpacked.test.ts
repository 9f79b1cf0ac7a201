import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { unpacked } from '../../../src/services/http/unpacked.ts';

const BODY = Buffer.from('what was sent, '.repeat(100));
const MAX_BYTES = 10_000;

/** At its usual quality it takes seconds for a bomb. */
const brotli = (bytes: Buffer) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

const PACKED: [string, (bytes: Buffer) => Buffer][] = [
  ['gzip', gzipSync],
  ['X-GZIP', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotli],
  ['zstd', zstdCompressSync],
  ['br, gzip', (bytes) => gzipSync(brotli(bytes))],
  ['gzip, identity', gzipSync],
];

test.each(PACKED)('a body packed as %s is unpacked', async (encoding, pack) => {
  expect(await unpacked(own(pack(BODY)), encoding, MAX_BYTES)).toEqual(BODY);
});

test.each([undefined, '', 'identity', 'aws-chunked', 'gzip', 'br'])(
  'a body that is not packed stays as it is under %s',
  async (encoding) => {
    expect(Buffer.from(await unpacked(own(BODY), encoding, MAX_BYTES))).toEqual(BODY);
  },
);

describe('a few kilobytes never become gigabytes', () => {
  const bomb = Buffer.alloc(50_000_000);
  test.each(PACKED)('as %s', async (encoding, pack) => {
    const unpacking = unpacked(own(pack(bomb)), encoding, MAX_BYTES);
    await expect(unpacking).rejects.toMatchObject({ name: 'UnpacksToTooMuchError' });
  });

  test('nor are they unpacked again and again', async () => {
    let packed = BODY;
    for (let times = 0; times < 20; times += 1) packed = gzipSync(packed);
    let bytes = await unpacked(own(packed), Array(20).fill('gzip').join(', '), MAX_BYTES);
    for (let times = 0; times < 17; times += 1) bytes = own(gunzipSync(bytes));
    expect(Buffer.from(bytes)).toEqual(BODY);
  });
});

test('of a body that was cut off there is what came', async () => {
  const packed = gzipSync(BODY);
  const part = await unpacked(own(packed.subarray(0, -12)), 'gzip', MAX_BYTES);
  expect(part.length).toBeGreaterThan(0);
  expect(BODY.subarray(0, part.length)).toEqual(Buffer.from(part));
});

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
