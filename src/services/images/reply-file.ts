import type { ReplyFile } from '../discord/reply-message.ts';
import type { ImageRequest } from '../request/request.ts';
import { fitToLimit, type SizeChange } from './fit.ts';
import type { ImageInfo } from './inspect.ts';
import { altText, imageFileName } from './naming.ts';

/** An image as it is uploaded, and the change that made it fit. */
export interface FittedFile {
  readonly file: ReplyFile;
  readonly change: SizeChange | null;
}

/**
 * An image as a file of a message: small enough for `limit`, with a readable name and the prompt as alt text. `number`,
 * from 1, tells it apart from the other images of its request.
 */
export async function fileFor(
  request: ImageRequest,
  number: number,
  { bytes, info }: { bytes: Buffer; info?: ImageInfo },
  limit: number,
  person: string,
): Promise<FittedFile> {
  const fitted = await fitToLimit(bytes, limit, { info, person });
  const file = {
    attachment: fitted.bytes,
    name: imageFileName(request, request.count > 1 ? number : null, fitted.info.extension),
    description: altText(request.prompt),
  };
  return { file, change: fitted.change };
}
