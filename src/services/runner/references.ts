import { FetchError } from '../images/fetch.ts';
import { NotAnImageError } from '../images/inspect.ts';
import { prepareReference } from '../images/reference.ts';
import { JimmyAiError } from '../jimmyai/errors.ts';
import type { EndReason, ReferenceImage } from '../ledger/rows.ts';
import type { RunnerDeps } from './deps.ts';
import type { Job } from './job.ts';

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
 * Makes of each reference what goes into the request's `images`: fetched, checked, cleaned, kept, and uploaded; as a
 * data URI where the upload doesn't work. Throws {@link ReferenceProblem} naming the one that can't be used.
 */
export function prepareReferences(job: Job, deps: RunnerDeps): Promise<string[]> {
  return Promise.all(job.references.map((reference) => prepareOne(reference, job, deps)));
}

async function prepareOne(reference: ReferenceImage, job: Job, deps: RunnerDeps): Promise<string> {
  const { bytes, mimeType, extension } = await cleanImage(reference, deps);
  const file = {
    bytes,
    filename: `reference-${reference.position + 1}.${extension}`,
    mimeType,
  };
  try {
    const { url } = await deps.service.uploadFile(file, { log: job.log, signal: job.stopping });
    return url;
  } catch (error) {
    if (!(error instanceof JimmyAiError)) throw error;
    job.stopping.throwIfAborted();
    job.log.warn({ err: error }, 'the upload does not work; the reference goes along inline');
    return `data:${mimeType};base64,${bytes.toString('base64')}`;
  }
}

async function cleanImage(reference: ReferenceImage, { fetcher }: RunnerDeps) {
  try {
    const original = await fetcher.attachment(reference.url);
    const { bytes, info } = await prepareReference(original);
    return { bytes, mimeType: info.mimeType, extension: info.extension };
  } catch (error) {
    if (error instanceof FetchError) {
      const reason = error.kind === 'too-large' ? 'reference-too-large' : 'reference-unavailable';
      throw new ReferenceProblem(reason, reference.name, error);
    }
    if (error instanceof NotAnImageError) {
      const supported = error.kind !== 'unsupported-format';
      throw new ReferenceProblem(
        supported ? 'reference-not-an-image' : 'reference-unsupported',
        reference.name,
        error,
      );
    }
    throw error;
  }
}
