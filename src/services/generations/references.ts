import type { Allowance } from '../concurrency/allowance.ts';
import { retry } from '../concurrency/retry.ts';
import type { Semaphore } from '../concurrency/semaphore.ts';
import { FetchError, type Fetcher } from '../images/fetch.ts';
import { fetchReference } from '../images/fetch-reference.ts';
import type { FileStore } from '../images/file-store.ts';
import { type ImageInfo, NotAnImageError } from '../images/inspect.ts';
import { readKept } from '../images/read-kept.ts';
import type { JimmyAi } from '../jimmyai/client.ts';
import { JimmyAiError } from '../jimmyai/errors.ts';
import type { Ledger } from '../ledger/index.ts';
import type { EndReason, ReferenceImage } from '../ledger/rows.ts';
import type { Job } from './job.ts';
import { forgetReferences } from './uncharged.ts';

export interface ReferenceDeps {
  readonly ledger: Pick<Ledger, 'generations' | 'storedData'>;
  readonly files: FileStore;
  readonly fetcher: Fetcher;
  readonly service: Pick<JimmyAi, 'uploadFile'>;
  /** For references on their way to the service. */
  readonly uploads: Semaphore;
  /** How many requests of a person may be refused for their references. */
  readonly refusedRequests: Allowance;
}

const FETCH_PAUSES_MS = [1000, 3000] as const;
/** It may have come in half; more often, it is. */
const BROKEN_RETRIES = 1;

/** Why a reference can't go along; nothing has been asked of the service yet. */
export class ReferenceProblem extends Error {
  override readonly name = 'ReferenceProblem';
  readonly reason: EndReason;
  /** Which one, from 1, and the format that it has where that isn't taken: `2 HEIC`. Its name is nobody else's business. */
  readonly which: string;

  constructor(reason: EndReason, { position }: ReferenceImage, cause: unknown) {
    super(`reference ${position + 1}: ${reason}`, { cause });
    this.reason = reason;
    const format = cause instanceof NotAnImageError ? cause.format : null;
    this.which = [position + 1, format].filter(Boolean).join(' ');
  }
}

/** What goes into the requests' `images`. */
export type PreparedReferences = () => Promise<string[]>;

/**
 * Makes of each reference what goes into the requests' `images`: fetched, checked, cleaned, kept, and uploaded; as a
 * data URI where the upload doesn't work. It is done once for all tasks of a job, and anew after it failed. Throws
 * {@link ReferenceProblem} naming the one that can't be used; nothing of the others is kept or uploaded then.
 */
export function referencesOf(job: Job, deps: ReferenceDeps): PreparedReferences {
  let prepared: Promise<string[]> | null = null;
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

async function prepare(job: Job, deps: ReferenceDeps): Promise<string[]> {
  try {
    const cleaned = await all(job.references.map((reference) => cleanImage(reference, job, deps)));
    for (const image of cleaned) await keep(image, job, deps);
    return await all(cleaned.map((image) => upload(image, job, deps)));
  } catch (error) {
    if (error instanceof ReferenceProblem) await letGo(job, deps);
    throw error;
  }
}

/** Each is awaited: one that is refused must not leave another behind that is still under way. */
async function all<T>(promises: readonly Promise<T>[]): Promise<T[]> {
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

/** The cleaned image: kept by an earlier process or with the question, or fetched now. */
async function cleanImage(reference: ReferenceImage, job: Job, deps: ReferenceDeps): Promise<CleanImage> {
  const { log, generation } = job;
  const from = { person: generation.userId, log };
  const kept = reference.file === null ? null : await readKept(reference.file, deps.files, from);
  if (kept) return { ...kept, reference, isKept: true };
  return { ...(await fetchAndClean(reference, job, deps)), reference, isKept: false };
}

/** On disk, since its address at Discord dies soon. */
async function keep(
  { reference, bytes, info, isKept }: CleanImage,
  job: Job,
  { files, ledger }: ReferenceDeps,
): Promise<void> {
  if (isKept) return;
  const file = `${reference.generationId}-reference-${reference.position + 1}.${info.extension}`;
  try {
    await files.save(file, bytes);
    await ledger.generations.keepReference(reference, file);
  } catch (err) {
    job.log.error({ err }, 'the reference could not be kept on disk; it goes along from memory');
  }
}

async function upload(
  { reference, bytes, info }: CleanImage,
  { log, halt, generation }: Job,
  { service, uploads }: ReferenceDeps,
): Promise<string> {
  const { mimeType, extension } = info;
  const filename = `reference-${reference.position + 1}.${extension}`;
  try {
    const { url } = await uploads(1, generation.userId, () => {
      halt.throwIfAborted();
      return service.uploadFile({ bytes, filename, mimeType }, { log, signal: halt });
    });
    return url;
  } catch (error) {
    if (!(error instanceof JimmyAiError)) throw error;
    halt.throwIfAborted();
    log.warn({ err: error }, 'the upload does not work; the reference goes along inline');
    return `data:${mimeType};base64,${bytes.toString('base64')}`;
  }
}

/** Nothing comes of the request: what was kept for it goes, and its person has one fewer of these. */
async function letGo(job: Job, deps: ReferenceDeps): Promise<void> {
  deps.refusedRequests.take(job.generation.userId);
  await forgetReferences(job, deps);
}

async function fetchAndClean(reference: ReferenceImage, job: Job, { fetcher }: ReferenceDeps) {
  const { url, source } = reference;
  if (url === null) throw new ReferenceProblem('reference-unavailable', reference, null);
  const fetch = () => fetchReference({ source, url }, fetcher, job.generation.userId, { signal: job.halt });
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
