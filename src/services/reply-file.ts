import { fitToLimit, type SizeChange } from './images/fit.ts';
import { altText, imageFileName } from './images/naming.ts';
import type { ReplyFile } from './replies.ts';
import type { ImageRequest } from './request.ts';

/** An image as a file of a message: small enough for the place, with a readable name and the prompt as alt text. */
export async function fileFor(
  request: ImageRequest,
  bytes: Buffer,
  limit: number,
): Promise<{ file: ReplyFile; change: SizeChange | null }> {
  const fitted = await fitToLimit(bytes, limit);
  const file = {
    attachment: fitted.bytes,
    name: imageFileName(request, fitted.info.extension),
    description: altText(request.prompt),
  };
  return { file, change: fitted.change };
}
