import type { Logger } from '../log.ts';
import type { FileStore } from './file-store.ts';
import { type ImageInfo, inspectWithThumbnail } from './inspect.ts';

/**
 * Reads an image that was kept on disk. Null when it can't be used; an error is logged, and the caller fetches it
 * again.
 */
export async function readKept(
  file: string,
  files: Pick<FileStore, 'read'>,
  { person, log }: { person: string; log: Logger },
): Promise<{ bytes: Buffer<ArrayBuffer>; info: ImageInfo; thumbnail: Buffer } | null> {
  try {
    const bytes = await files.read(file);
    return bytes && { bytes, ...(await inspectWithThumbnail(bytes, person)) };
  } catch (err) {
    log.error({ err, file }, 'the kept image cannot be read; it is fetched again');
    return null;
  }
}
