import { LOOK_BEFORE_ANSWER_MS } from '../discord/limits.ts';
import type { Logger } from '../log.ts';
import type { Attachment } from '../request/request.ts';
import { FetchError, type Fetcher } from './fetch.ts';
import { inspectImage, NotAnImageError } from './inspect.ts';

/**
 * Inspects a file whose content type is not that of a usable image: Discord's content type proves nothing. If the file
 * is a usable image after all, the returned attachment has no content type.
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
      'the file could not be inspected as an image; its content type is believed',
    );
    return attachment;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
