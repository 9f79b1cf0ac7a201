import { createArchive } from '../services/images/archive.ts';
import { FetchError } from '../services/images/fetch.ts';
import { CannotFitError, fitToLimit } from '../services/images/fit.ts';
import { NotAnImageError } from '../services/images/inspect.ts';
import { imageFileName } from '../services/images/naming.ts';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { ReferenceSource } from '../services/ledger/rows.ts';
import type { CommandContext } from './command.ts';
import { hasImage } from './facts.ts';
import { locateImages } from './locate-image.ts';

/** A ZIP of favourites. */
export interface Pack {
  readonly zip: Buffer;
  readonly images: number;
}

/** How many of the favourites could be packed. */
export interface Packed {
  /** Images of which only the thumbnail was left. */
  small: number;
  missing: number;
  /** The last favourite that was packed, if there are more; otherwise null. */
  last: string | null;
}

type Context = Pick<CommandContext, 'ledger' | 'files' | 'fetcher' | 'replies' | 'now' | 'log'>;

/** The most favourites for one press. More would take longer than an interaction lives. */
const FAVOURITES_AT_ONCE = 50;
/** The most that a ZIP adds around its only file. */
const FRAME_BYTES = 2048;

/**
 * Packs the person's favourites into ZIPs of at most `partBytes` each, one in memory at a time. The images come from
 * Discord, from the service, or are the stored thumbnails. Stops at `until`, by `performance.now()`.
 */
export async function* packFavouritesOf(
  userId: string,
  after: string | null,
  { partBytes, until }: { readonly partBytes: number; readonly until: number },
  packed: Packed,
  context: Context,
): AsyncGenerator<Pack> {
  const { ledger } = context;
  const ids = await ledger.history.favourites(userId, after, FAVOURITES_AT_ONCE + 1);
  let archive = createArchive(ledger.takeBreak);
  for (const [index, id] of ids.entries()) {
    if (index === FAVOURITES_AT_ONCE || (index > 0 && performance.now() > until)) {
      packed.last = ids[index - 1] ?? null;
      break;
    }
    const stored = await ledger.generations.find(id);
    if (!stored) continue;
    for await (const { name, bytes } of imagesOf(stored, partBytes - FRAME_BYTES, packed, context)) {
      if (!archive.hasRoomFor(name, bytes, partBytes)) {
        yield { images: archive.files, zip: archive.end() };
        archive = createArchive(ledger.takeBreak);
      }
      await archive.add(name, bytes, stored.generation.createdAt);
    }
  }
  if (archive.files > 0) yield { images: archive.files, zip: archive.end() };
}

async function* imagesOf(stored: StoredGeneration, limit: number, packed: Packed, context: Context) {
  const { generation, tasks } = stored;
  const located = await locateImages(stored, null, context);
  for (const [index, task] of tasks.entries()) {
    if (!hasImage(task)) continue;
    const image = located[index] ?? null;
    const whole = image && (await fetched(image, limit, generation.userId, context));
    const small = whole || !task.thumbnailFile ? null : await context.files.read(task.thumbnailFile);
    const file = whole ?? (small && { bytes: small, extension: 'webp' });
    if (small) packed.small += 1;
    if (!file) packed.missing += 1;
    else yield { bytes: file.bytes, name: nameOf(stored, index, file.extension) };
  }
}

/** The image in at most `limit` bytes; null when it can't be fetched. */
async function fetched(
  { source, url }: ReferenceSource,
  limit: number,
  person: string,
  { fetcher, log }: Context,
): Promise<{ bytes: Buffer; extension: string } | null> {
  if (url === null) return null;
  try {
    const bytes = await (source === 'discord' ? fetcher.attachment(url) : fetcher.result(url));
    const fitted = await fitToLimit(bytes, limit, { person });
    return { bytes: fitted.bytes, extension: fitted.info.extension };
  } catch (err) {
    const isExpected = [FetchError, NotAnImageError, CannotFitError].some((kind) => err instanceof kind);
    if (!isExpected) throw err;
    log.warn({ err }, 'a favourite could not be had');
    return null;
  }
}

/** A unique name. Sorting by name keeps the images of different days in order. */
function nameOf({ generation }: StoredGeneration, index: number, extension: string): string {
  const { id, request, createdAt } = generation;
  const day = new Date(createdAt).toISOString().slice(0, 10);
  const number = request.count > 1 ? index + 1 : null;
  return `${day}-${id.slice(-6)}-${imageFileName(request, number, extension)}`;
}
