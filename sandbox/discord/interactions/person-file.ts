import { extname } from 'node:path';
import type { APIAttachment } from 'discord-api-types/v10';
import { type Cdn, contentTypeOf } from '../cdn.ts';

/** A file from a person's disk. */
export interface PersonFile {
  name: string;
  bytes: Uint8Array;
  /** Derived from the name if omitted; with `null` Discord sends none. */
  contentType?: string | null;
  /** A size for Discord to claim instead of the true one. */
  size?: number;
}

export function isPersonFile(value: unknown): value is PersonFile {
  return typeof value === 'object' && value !== null && 'bytes' in value && 'name' in value;
}

/** Uploads a file into a channel; for an option or a modal it is ephemeral. */
export async function upload(
  cdn: Cdn,
  file: PersonFile,
  place: { channelId: string; ephemeral: boolean },
): Promise<APIAttachment> {
  const contentType = file.contentType === undefined ? contentTypeOf(file.name) : file.contentType;
  const stored = await cdn.store({ ...file, contentType }, place);
  return { ...stored, ...(file.size !== undefined && { size: file.size }) };
}

const IMAGE_EXTENSIONS = [
  '.png',
  '.jpg',
  '.jpeg',
  '.webp',
  '.gif',
  '.avif',
  '.heic',
  '.bmp',
  '.tiff',
  '.svg',
];

/**
 * Discord's client looks at the extension only (docs: reference, "File type filtering").
 * @throws {Error} where `what` takes no such file.
 */
export function checkFileType(
  { name }: PersonFile,
  types: readonly string[] | undefined,
  what: string,
): void {
  if (!types?.length) return;
  const extension = extname(name).toLowerCase();
  const fits = types.some((type) =>
    type === 'image' ? IMAGE_EXTENSIONS.includes(extension) : type === extension,
  );
  if (!fits) throw new Error(`${what} takes no ${extension || 'such'} file`);
}
