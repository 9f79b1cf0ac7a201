import { normalized } from '../normalized.ts';
import type { ImageRequest } from '../request/request.ts';
import type { PictureTool, TextTool } from '../request/tools.ts';
import { shorten } from '../shorten.ts';

/** Discord's limit for an attachment's description. */
const ALT_TEXT_MAX_CHARACTERS = 1024;
const SLUG_MAX_CHARACTERS = 60;

/**
 * A readable file name: `a-fox-in-the-snow-gpt-image-2.png`, `…-3.png` for the third of several, `…-upscaled-x2.webp`
 * for a tool's picture. Letters and digits of any script stay.
 */
export function imageFileName(
  request: Pick<ImageRequest, 'prompt' | 'tool'> & { readonly model: string },
  number: number | null,
  extension: string,
): string {
  const { tool } = request;
  // Servers that people host have folders in the names of their models.
  const maker = tool ? madeBy(tool) : request.model.replace(/[^\w.-]+/g, '-');
  const parts = [slugOf(request.prompt), maker, number];
  return `${parts.filter(Boolean).join('-')}.${extension}`;
}

function madeBy(tool: PictureTool | TextTool): string {
  if (tool.name === 'upscale') return `upscaled-x${tool.factor}`;
  return tool.name === 'remove-bg' ? 'without-background' : tool.name;
}

/** The prompt as alt text, shortened to Discord's limit. */
export function altText(prompt: string): string {
  return shorten(prompt.trim(), ALT_TEXT_MAX_CHARACTERS);
}

function slugOf(prompt: string): string {
  const words =
    normalized(prompt, 'NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  let slug = '';
  for (const word of words) {
    const longer = slug ? `${slug}-${word}` : word;
    if (longer.length > SLUG_MAX_CHARACTERS) break;
    slug = longer;
  }
  return slug || [...(words[0] ?? '')].slice(0, SLUG_MAX_CHARACTERS / 2).join('');
}
