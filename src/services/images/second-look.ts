import { LOOK_BEFORE_ANSWER_MS } from '../discord/limits.ts';
import type { Logger } from '../log.ts';
import type { Attachment } from '../request/request.ts';
import { FetchError, type Fetcher } from './fetch.ts';
import { inspectImage, NotAnImageError } from './inspect.ts';

/**
 * What Discord says of a file's type proves nothing. A file that doesn't call itself a usable image is looked at;
 * where it is one all the same, what it calls itself is dropped.
 */
export async function lookAgain(attachment: Attachment, fetcher: Fetcher, log: Logger): Promise<Attachment> {
  try {
    await inspectImage(
      await fetcher.attachment(attachment.url, { signal: AbortSignal.timeout(LOOK_BEFORE_ANSWER_MS) }),
    );
    return { ...attachment, contentType: null };
  } catch (err) {
    const expected = err instanceof NotAnImageError || err instanceof FetchError || isTimeout(err);
    log[expected ? 'info' : 'warn'](
      { err, contentType: attachment.contentType },
      'the file is taken for what it says it is',
    );
    return attachment;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
