import { FetchError } from '../images/fetch.ts';
import { fetchReference } from '../images/fetch-reference.ts';
import { NotAnImageError } from '../images/inspect.ts';
import { JimmyAiError } from '../jimmyai/errors.ts';
import type { EndReason, ReferenceImage } from '../ledger/rows.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job } from './job.ts';
import { patiently } from './patience.ts';
import { readKept } from './read-kept.ts';

const FETCH_PAUSES_MS = [1000, 3000] as const;

/** Why a reference can't go along; nothing has been asked of the service yet. */
export class ReferenceProblem extends Error {
  override readonly name = 'ReferenceProblem';
  readonly reason: EndReason;
  readonly imageName: string;

  constructor(reason: EndReason, imageName: string, cause: unknown) {
    super(`${imageName}: ${reason}`, { cause });
    this.reason = reason;
    this.imageName = imageName;
  }
}

/**
 * Makes of each reference what goes into the requests' `images`: fetched, checked, cleaned, kept, and uploaded; as a
 * data URI where the upload doesn't work. All tasks of a job share it. Throws {@link ReferenceProblem} naming the one
 * that can't be used.
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
  const prepared = await Promise.allSettled(
    job.references.map((reference) => prepareOne(reference, job, deps)),
  );
  // Each is awaited: one that is refused must not leave another behind that still writes its file.
  return prepared.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function prepareOne(reference: ReferenceImage, job: Job, deps: RunnerDeps): Promise<string> {
  const { bytes, info } = await cleanImage(reference, job, deps);
  const { mimeType, extension } = info;
  const filename = `reference-${reference.position + 1}.${extension}`;
  try {
    const { url } = await deps.service.uploadFile(
      { bytes, filename, mimeType },
      { log: job.log, signal: job.halt },
    );
    return url;
  } catch (error) {
    if (!(error instanceof JimmyAiError)) throw error;
    job.halt.throwIfAborted();
    job.log.warn({ err: error }, 'the upload does not work; the reference goes along inline');
    return `data:${mimeType};base64,${bytes.toString('base64')}`;
  }
}

/** The cleaned image: kept by an earlier process, or fetched now and kept, since its address at Discord dies soon. */
async function cleanImage(reference: ReferenceImage, job: Job, deps: RunnerDeps) {
  const { files, ledger } = deps;
  const kept = reference.file === null ? null : await readKept(reference.file, job, deps);
  if (kept) return kept;

  const image = await fetchAndClean(reference, job, deps);
  const file = `${reference.generationId}-reference-${reference.position + 1}.${image.info.extension}`;
  try {
    await files.save(file, image.bytes);
    await ledger.generations.keepReference(reference, file);
  } catch (err) {
    job.log.error({ err }, 'the reference could not be kept on disk; it goes along from memory');
  }
  return image;
}

async function fetchAndClean(reference: ReferenceImage, job: Job, { fetcher }: RunnerDeps) {
  const { url, name, source } = reference;
  if (url === null) throw new ReferenceProblem('reference-unavailable', name, null);
  try {
    const fetch = () => fetchReference({ source, url }, fetcher, { signal: job.halt });
    return await patiently(fetch, {
      pausesMs: FETCH_PAUSES_MS,
      worthwhile: (error, tries) =>
        error instanceof FetchError && error.passing && tries <= FETCH_PAUSES_MS.length,
      halt: job.halt,
    });
  } catch (error) {
    throw problemOf(error, name) ?? error;
  }
}

function problemOf(error: unknown, name: string): ReferenceProblem | null {
  if (error instanceof FetchError) {
    const reason = error.kind === 'too-large' ? 'reference-too-large' : 'reference-unavailable';
    return new ReferenceProblem(reason, name, error);
  }
  if (!(error instanceof NotAnImageError)) return null;
  const known = error.kind === 'unsupported-format';
  return new ReferenceProblem(known ? 'reference-unsupported' : 'reference-not-an-image', name, error);
}
