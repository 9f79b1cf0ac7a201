import type { Allowance } from '../concurrency/allowance.ts';
import { retry } from '../concurrency/retry.ts';
import type { Semaphore } from '../concurrency/semaphore.ts';
import { ImageServiceError } from '../image-service/errors.ts';
import type { Attached, ImageService, Reference } from '../image-service/service.ts';
import { FetchError, type Fetcher } from '../images/fetch.ts';
import { fetchReference } from '../images/fetch-reference.ts';
import type { FileStore } from '../images/file-store.ts';
import { type ImageInfo, NotAnImageError } from '../images/inspect.ts';
import { isOpaque } from '../images/mask.ts';
import { readKept } from '../images/read-kept.ts';
import { sentSidePx } from '../images/reference.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type EndReason, mayServeAgain, type ReferenceImage } from '../ledger/rows.ts';
import { takesShape } from '../request/models.ts';
import { isTextTool } from '../request/tools.ts';
import type { Job } from './job.ts';
import { forgetReferences } from './uncharged.ts';

export interface ReferenceDeps {
  readonly ledger: Pick<Ledger, 'generations' | 'storedData'>;
  readonly files: FileStore;
  readonly fetcher: Fetcher;
  readonly service: Pick<ImageService, 'uploadFile'>;
  /** Bounds the concurrent uploads to the service. */
  readonly uploads: Semaphore;
  /** Limits how many of a person's requests may be refused for their references. */
  readonly refusedRequests: Allowance;
}

const FETCH_PAUSES_MS = [1000, 3000] as const;
/** The download may have been cut off; more often, the image itself is broken. */
const BROKEN_RETRIES = 1;

/** Why a reference can't be used. It is thrown before anything is asked of the service. */
export class ReferenceProblem extends Error {
  override readonly name = 'ReferenceProblem';
  readonly reason: EndReason;
  /** Its number, from 1, and its format if that is the problem: `2 HEIC`. Not its file name, which is private. */
  readonly which: string;
  readonly position: number;

  constructor(reason: EndReason, { position }: ReferenceImage, cause: unknown) {
    super(`reference ${position + 1}: ${reason}`, { cause });
    this.reason = reason;
    this.position = position;
    const format = cause instanceof NotAnImageError ? cause.format : null;
    this.which = [position + 1, format].filter(Boolean).join(' ');
  }
}

/** Resolves with the images that are sent with the create. */
export type PreparedReferences = () => Promise<Attached>;

/**
 * Prepares the references: fetches, checks, cleans, keeps and uploads each. If an upload fails, its image is sent
 * along with the create; for a tool, it throws ImageServiceError. All tasks of a job share one preparation; a failed one
 * is repeated. Throws {@link ReferenceProblem} for a reference that can't be used; none of the others is kept or uploaded
 * then.
 */
export function referencesOf(job: Job, deps: ReferenceDeps): PreparedReferences {
  let prepared: Promise<Attached> | null = null;
  return async () => {
    prepared ??= prepare(job, deps);
    try {
      return await prepared;
    } catch (error) {
      prepared = null;
      throw error;
    }
  };
}

async function prepare(job: Job, deps: ReferenceDeps): Promise<Attached> {
  const { model, tool } = job.generation.request;
  try {
    const cleaned = await settleAll(job.references.map((reference) => cleanImage(reference, job, deps)));
    for (const { reference, info } of cleaned)
      if (!tool && !reference.isMask && !takesShape(model, info))
        throw new ReferenceProblem('reference-shape', reference, null);
    await checkMask(cleaned);
    for (const image of cleaned) await keep(image, job, deps);
    const lent = await settleAll(cleaned.map((image) => upload(image, job, deps)));
    const isMask = (_: unknown, index: number) => cleaned[index]?.reference.isMask === true;
    return {
      references: lent.filter((image, index) => !isMask(image, index)),
      mask: lent.find(isMask) ?? null,
    };
  } catch (error) {
    if (error instanceof ReferenceProblem) await discardAll(error, job, deps);
    throw error;
  }
}

/** Like Promise.all, but waits for every promise, so that no work is left behind when one rejects. */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

interface CleanImage {
  readonly reference: ReferenceImage;
  readonly bytes: Buffer<ArrayBuffer>;
  readonly info: ImageInfo;
  readonly isKept: boolean;
}

/** The cleaned image: kept by an earlier process or with the draft, or else fetched now. */
async function cleanImage(reference: ReferenceImage, job: Job, deps: ReferenceDeps): Promise<CleanImage> {
  const { log, generation } = job;
  const from = { person: generation.userId, log };
  const kept = reference.file === null ? null : await readKept(reference.file, deps.files, from);
  if (kept) return { ...kept, reference, isKept: true };
  return { ...(await fetchAndClean(reference, job, deps)), reference, isKept: false };
}

/** Makes sure that a mask leaves something to change, and lies over the first reference. */
async function checkMask(images: readonly CleanImage[]): Promise<void> {
  const mask = images.find(({ reference }) => reference.isMask);
  const first = images.find(({ reference }) => !reference.isMask);
  if (!mask || !first) return;
  if (await isOpaque(mask.bytes)) throw new ReferenceProblem('reference-mask-opaque', mask.reference, null);
  const isSameSize = mask.info.width === first.info.width && mask.info.height === first.info.height;
  if (!isSameSize) throw new ReferenceProblem('reference-mask-size', mask.reference, null);
}

/** Keeps the image on disk, because its address at Discord expires soon. */
async function keep(
  { reference, bytes, info, isKept }: CleanImage,
  job: Job,
  { files, ledger }: ReferenceDeps,
): Promise<void> {
  if (isKept) return;
  const file = `${reference.generationId}-reference-${reference.position + 1}.${info.extension}`;
  try {
    await files.save(file, bytes);
    await job.held(ledger.generations.keepReference(reference, file));
  } catch (err) {
    job.lease.require();
    job.log.error({ err }, 'the reference could not be kept on disk; it is sent from memory');
  }
}

async function upload(
  { reference, bytes, info }: CleanImage,
  { log, halt, generation }: Job,
  { service, uploads }: ReferenceDeps,
): Promise<Reference> {
  const { mimeType, extension } = info;
  const file = { bytes, filename: `reference-${reference.position + 1}.${extension}`, mimeType };
  const { uploadFile } = service;
  // A tool that answers with words gets the bytes, or only hears how many there are.
  if (uploadFile === null || isTextTool(generation.request.tool)) return file;
  try {
    return await uploads(1, generation.userId, () => {
      halt.throwIfAborted();
      return uploadFile(file, { log, signal: halt });
    });
  } catch (error) {
    if (!(error instanceof ImageServiceError)) throw error;
    halt.throwIfAborted();
    // Models accept an image inline, but tools accept only a URL.
    if (generation.request.tool) throw error;
    log.warn({ err: error }, 'the upload failed; the reference is sent inline');
    return file;
  }
}

/** Discards what was kept for a request that is refused, and counts it towards the person's allowance of refusals. */
async function discardAll(
  { reason, position }: ReferenceProblem,
  job: Job,
  deps: ReferenceDeps,
): Promise<void> {
  job.lease.require();
  deps.refusedRequests.take(job.generation.userId);
  await forgetReferences(job, deps, mayServeAgain(reason) ? null : position);
}

async function fetchAndClean(reference: ReferenceImage, job: Job, { fetcher }: ReferenceDeps) {
  const { url, source, isMask } = reference;
  if (url === null) throw new ReferenceProblem('reference-unavailable', reference, null);
  const { userId, request } = job.generation;
  const options = { signal: job.halt, maxSidePx: sentSidePx(request) };
  const fetch = () => fetchReference({ source, url, isMask }, fetcher, userId, options);
  try {
    return await retry(fetch, {
      pausesMs: FETCH_PAUSES_MS,
      worthwhile: (error, tries) =>
        error instanceof NotAnImageError
          ? error.kind === 'broken' && tries <= BROKEN_RETRIES
          : error instanceof FetchError && error.passing && tries <= FETCH_PAUSES_MS.length,
      halt: job.halt,
    });
  } catch (error) {
    throw problemOf(error, reference) ?? error;
  }
}

function problemOf(error: unknown, reference: ReferenceImage): ReferenceProblem | null {
  if (error instanceof FetchError) {
    const reason = error.kind === 'too-large' ? 'reference-too-large' : 'reference-unavailable';
    return new ReferenceProblem(reason, reference, error);
  }
  if (!(error instanceof NotAnImageError)) return null;
  const known = error.kind === 'unsupported-format';
  return new ReferenceProblem(known ? 'reference-unsupported' : 'reference-not-an-image', reference, error);
}
