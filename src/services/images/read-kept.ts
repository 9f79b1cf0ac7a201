import type { Logger } from '../log.ts';
import type { FileStore } from './file-store.ts';
import { type ImageInfo, inspectWithThumbnail } from './inspect.ts';

/** An image that was kept on disk. Null where it can't be used, with a line in the log: it is fetched again then. */
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
