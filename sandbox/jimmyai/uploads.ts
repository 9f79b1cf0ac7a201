import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import type { Clock } from '../clock.ts';
import { BadParameters } from './rules.ts';
import { FILE_LIFETIME_MS } from './tasks.ts';

const MAX_BYTES = 100 * 1024 * 1024;
const IMAGE_TYPES = new Map([
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.png', 'image/png'],
  ['.gif', 'image/gif'],
  ['.webp', 'image/webp'],
  ['.bmp', 'image/bmp'],
  ['.svg', 'image/svg+xml'],
]);

export interface Upload {
  readonly name: string;
  readonly filename: string;
  readonly mime: string;
  readonly bytes: Buffer<ArrayBuffer>;
  readonly expiresAt: number;
}

export type Uploads = ReturnType<typeof createUploads>;

/** The files uploaded to the service, each kept for three days by the clock. */
export function createUploads({ clock }: { clock: Clock }) {
  const uploads = new Map<string, Upload>();

  return {
    /** Throws BadParameters for a file that is too large or of a type the service doesn't take. */
    async keep(file: File): Promise<Upload> {
      const extension = extname(file.name).toLowerCase();
      const mime = IMAGE_TYPES.get(extension) ?? (/^(?:video|audio)\//.test(file.type) ? file.type : null);
      if (!mime) throw new BadParameters(`file: type of "${file.name}" is not supported`);
      if (file.size > MAX_BYTES) throw new BadParameters('file: larger than 100 MB');
      const upload: Upload = {
        name: randomUUID() + extension,
        filename: file.name,
        mime,
        bytes: Buffer.from(await file.arrayBuffer()),
        expiresAt: clock.now() + FILE_LIFETIME_MS,
      };
      uploads.set(upload.name, upload);
      return upload;
    },
    find(name: string): Upload | null {
      const upload = uploads.get(name);
      return upload && clock.now() < upload.expiresAt ? upload : null;
    },
  };
}
