/** A GIF's pixels also come in blocks of 255 bytes: 64 MB make 270,000 of them. */
export const GIF_BLOCKS_MAX = 400_000;

const SCREEN_BYTES = 13;
const IMAGE_BYTES = 10;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const END = 0x3b;

/** Where reading a GIF block by block has come to. */
interface GifEnd {
  /** At most GIF_BLOCKS_MAX. */
  readonly blocks: number;
  /** The first byte after the last block; beyond the end of the file when that block is cut off. */
  readonly at: number;
}

/** Reads a GIF block by block, up to its end or to what is no block. */
export function endOfBlocks(gif: Buffer): GifEnd {
  let at = SCREEN_BYTES + coloursBytes(gif[10]);
  let [blocks, isData] = [0, false];
  for (; at < gif.length && blocks < GIF_BLOCKS_MAX; blocks += 1) {
    const byte = gif.readUInt8(at);
    if (isData) {
      isData = byte > 0;
      at += 1 + byte;
    } else if (byte === EXTENSION) {
      isData = true;
      at += 2;
    } else if (byte === IMAGE) {
      isData = true;
      // One byte before the data gives the width of its codes.
      at += IMAGE_BYTES + coloursBytes(gif[at + 9]) + 1;
    } else {
      break;
    }
  }
  return { blocks, at };
}

/** Adds the end of a decodable GIF where it is missing. Returns the same bytes when it isn't. */
export function validGif(gif: Buffer): Buffer {
  const { at } = endOfBlocks(gif);
  return gif[at] === END ? gif : Buffer.concat([gif.subarray(0, at), Buffer.from([END])]);
}

function coloursBytes(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}
