import { Zip, ZipPassThrough } from 'fflate';
import type { TakeBreak } from '../ledger/breaks.ts';

/** A ZIP writes each file's name twice and some numbers around it; images don't compress. */
const FRAME_BYTES = 256;
/** The checksum of this many bytes blocks the event loop in one go. */
const STEP_BYTES = 512 * 1024;

/** The range of times that a ZIP can hold, less a day at either end, because a ZIP stores local time. */
const EARLIEST = Date.UTC(1980, 0, 2);
const LATEST = Date.UTC(2099, 11, 30);

/** A ZIP in memory; files are added one after the other. */
export interface Archive {
  readonly files: number;
  /** Whether the archive stays within `limit` bytes with this file added. */
  hasRoomFor(name: string, bytes: Uint8Array, limit: number): boolean;
  add(name: string, bytes: Uint8Array, madeAt: number): Promise<void>;
  end(): Buffer;
}

export function createArchive(takeBreak: TakeBreak): Archive {
  const chunks: Uint8Array[] = [];
  let size = FRAME_BYTES;
  let files = 0;
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });

  return {
    get files() {
      return files;
    },
    hasRoomFor: (name, bytes, limit) => size + sizeOf(name, bytes) <= limit,
    async add(name, bytes, madeAt) {
      const file = new ZipPassThrough(name);
      file.mtime = Math.min(Math.max(madeAt, EARLIEST), LATEST);
      zip.add(file);
      for (let from = 0; from < bytes.length; from += STEP_BYTES) {
        await takeBreak();
        file.push(bytes.subarray(from, from + STEP_BYTES), from + STEP_BYTES >= bytes.length);
      }
      size += sizeOf(name, bytes);
      files += 1;
    },
    end() {
      zip.end();
      return Buffer.concat(chunks);
    },
  };
}

function sizeOf(name: string, bytes: Uint8Array): number {
  return bytes.length + 2 * Buffer.byteLength(name) + FRAME_BYTES;
}
