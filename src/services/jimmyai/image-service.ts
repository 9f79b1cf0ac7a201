import type { ImageService, Reference } from '../image-service/service.ts';
import { fieldsToSend } from '../request/sent.ts';
import type { JimmyAi } from './client.ts';

/** The asynchronous image API: each create starts a task, except for a tool, which answers with its picture. */
export function asImageService(jimmyAi: JimmyAi): ImageService {
  const { queryImageTask, queryImage, uploadFile, onAttempt } = jimmyAi;
  return {
    makesAtOnce: false,
    async create(request, { references, mask }, options) {
      const images = references.map(addressOf);
      if (request.tool) return jimmyAi.usePictureTool(request.tool, images[0] ?? '', options);
      const fields = fieldsToSend(request, images.length);
      const created = await jimmyAi.createImageTask(
        { ...fields, ...(images.length > 0 && { images }), ...(mask && { mask_url: addressOf(mask) }) },
        options,
      );
      return { kind: 'task', ...created };
    },
    queryImageTask,
    queryImage,
    uploadFile,
    onAttempt,
  };
}

/** A reference that couldn't be uploaded is sent as a data URI. */
function addressOf(reference: Reference): string {
  if ('url' in reference) return reference.url;
  const { bytes, mimeType } = reference;
  return `data:${mimeType};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;
}
