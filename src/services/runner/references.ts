import { FetchError } from '../images/fetch.ts';
import { fetchReference } from '../images/fetch-reference.ts';
import { type ImageInfo, NotAnImageError } from '../images/inspect.ts';
import { JimmyAiError } from '../jimmyai/errors.ts';
import type { EndReason, ReferenceImage } from '../ledger/rows.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job } from './job.ts';
import { patiently } from './patience.ts';
import { readKept } from './read-kept.ts';

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

/**
 * Makes of each reference what goes into the requests' `images`: fetched, checked, cleaned, kept, and uploaded; as a
 * data URI where the upload doesn't work. All tasks of a job share it. Throws {@link ReferenceProblem} naming the one
 * that can't be used; nothing of the others is kept or uploaded then.
 */
export async function preparedReferences(job: Job, deps: RunnerDeps): Promise<string[]> {
  job.images ??= prepareReferences(job, deps);
  try {
    return await job.images;
  } catch (error) {
    // What is tried again begins anew.
    job.images = null;
    throw error;
  }
}

async function prepareReferences(job: Job, deps: RunnerDeps): Promise<string[]> {
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
async function cleanImage(reference: ReferenceImage, job: Job, deps: RunnerDeps): Promise<CleanImage> {
  const kept = reference.file === null ? null : await readKept(reference.file, job, deps);
  if (kept) return { ...kept, reference, isKept: true };
  return { ...(await fetchAndClean(reference, job, deps)), reference, isKept: false };
}

/** On disk, since its address at Discord dies soon. */
async function keep(
  { reference, bytes, info, isKept }: CleanImage,
  job: Job,
  { files, ledger }: RunnerDeps,
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

async function upload({ reference, bytes, info }: CleanImage, job: Job, deps: RunnerDeps): Promise<string> {
  const { mimeType, extension } = info;
  const filename = `reference-${reference.position + 1}.${extension}`;
  try {
    const { url } = await deps.uploads(1, job.generation.userId, () => {
      job.halt.throwIfAborted();
      return deps.service.uploadFile({ bytes, filename, mimeType }, { log: job.log, signal: job.halt });
    });
    return url;
  } catch (error) {
    if (!(error instanceof JimmyAiError)) throw error;
    job.halt.throwIfAborted();
    job.log.warn({ err: error }, 'the upload does not work; the reference goes along inline');
    return `data:${mimeType};base64,${bytes.toString('base64')}`;
  }
}

/** Nothing comes of the request: what was kept for it goes, and its person has one fewer of these. */
async function letGo(job: Job, { ledger, files, refusedRequests }: RunnerDeps): Promise<void> {
  refusedRequests.take(job.generation.userId);
  try {
    await files.removeAll(await ledger.storedData.forgetReferences(job.generation.id));
  } catch (err) {
    job.log.warn({ err }, 'what was kept of the references could not be removed; it ages out');
  }
}

async function fetchAndClean(reference: ReferenceImage, job: Job, { fetcher }: RunnerDeps) {
  const { url, source } = reference;
  if (url === null) throw new ReferenceProblem('reference-unavailable', reference, null);
  try {
    const fetch = () => fetchReference({ source, url }, fetcher, job.generation.userId, { signal: job.halt });
    return await patiently(fetch, {
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
