import type { PictureTool } from '../request/tools.ts';

/** Where a tool is called, and what with. */
export interface ToolCall {
  /** Below the path of images. */
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** WebP keeps what is transparent, and of the formats on offer it fits a large picture into a message best. */
const UPSCALED_FORMAT = 'webp';

/**
 * The call that makes a picture of the one at this address, which the service must be able to reach (docs: images/upscale,
 * images/remove-bg).
 */
export function toolCall(tool: PictureTool, imageUrl: string): ToolCall {
  const both = { image_url: imageUrl, response_format: 'url' };
  switch (tool.name) {
    case 'upscale':
      return {
        path: 'upscale',
        fields: {
          ...both,
          upscale_mode: 'factor',
          upscale_factor: tool.factor,
          output_format: UPSCALED_FORMAT,
        },
      };
    case 'remove-bg':
      return { path: 'remove-bg', fields: { ...both, output_format: 'png' } };
  }
}
