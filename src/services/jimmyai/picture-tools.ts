import type { PictureTool } from '../request/tools.ts';

/** The path and the fields of a call. */
export interface ToolCall {
  /** Relative to the path of images. */
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** WebP keeps transparency, and it is the smallest of the formats for a large picture. */
const UPSCALED_FORMAT = 'webp';

/**
 * The call that makes a picture of the one at this URL, which the service must be able to reach (docs: images/upscale,
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
