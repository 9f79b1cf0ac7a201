import type { Attached, CallOptions, ImageService, Reference, Said } from '../image-service/service.ts';
import { describeInstruction, enhanceInstruction } from '../request/instructions.ts';
import type { ImageRequest } from '../request/request.ts';
import { fieldsToSend } from '../request/sent.ts';
import { isTextTool, type TextTool } from '../request/tools.ts';
import type { JimmyAi } from './client.ts';

/** The asynchronous image API: each create starts a task, except for a tool, which answers with what it makes. */
export function asImageService(jimmyAi: JimmyAi): ImageService {
  const { queryImageTask, queryImage, uploadFile, onAttempt } = jimmyAi;
  return {
    makesAtOnce: false,
    async create(request, attached, options) {
      const { references, mask } = attached;
      const { tool } = request;
      if (isTextTool(tool)) return answered(tool, request, attached, options);
      const images = references.map(addressOf);
      if (tool) return jimmyAi.usePictureTool(tool, images[0] ?? '', options);
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

  async function answered(
    tool: TextTool,
    { prompt }: ImageRequest,
    { references }: Attached,
    options?: CallOptions,
  ): Promise<Said> {
    if (tool.name === 'enhance') {
      const instruction = enhanceInstruction(references.length);
      return { kind: 'words', ...(await jimmyAi.rewrite({ instruction, text: prompt }, options)) };
    }
    const [picture] = references;
    if (!picture || 'url' in picture) throw new TypeError('a picture is described from its bytes');
    const instruction = describeInstruction(tool.language);
    return { kind: 'words', ...(await jimmyAi.askAboutPicture({ instruction, picture }, options)) };
  }
}

/** A reference that couldn't be uploaded is sent as a data URI. */
function addressOf(reference: Reference): string {
  if ('url' in reference) return reference.url;
  const { bytes, mimeType } = reference;
  return `data:${mimeType};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;
}
