/** What the service offers besides making images. Each tool can be switched off separately. */
export const TOOLS = ['upscale', 'remove-bg', 'describe', 'enhance'] as const;
export type Tool = (typeof TOOLS)[number];

/** How many times larger an upscaled image can be. */
export const UPSCALE_FACTORS = [2, 4] as const;
export type UpscaleFactor = (typeof UPSCALE_FACTORS)[number];

/** A tool that makes a picture from another one, without a model that draws. */
export type PictureTool =
  | { readonly name: 'upscale'; readonly factor: UpscaleFactor }
  | { readonly name: 'remove-bg' };

/** A tool that answers with words, from which the person can go on to images. */
export type TextTool =
  | { readonly name: 'describe'; readonly language: string; readonly images: ImagesToMake }
  | { readonly name: 'enhance'; readonly images: ImagesToMake };

/** How the images are made that the words may lead to. */
export interface ImagesToMake {
  readonly count: number;
  /** Whether only the person sees them. The words are always private. */
  readonly private: boolean;
}

export const TEXT_TOOLS = ['describe', 'enhance'] as const satisfies readonly TextTool['name'][];

export function isTextTool(tool: PictureTool | TextTool | undefined): tool is TextTool {
  return tool?.name === 'describe' || tool?.name === 'enhance';
}

/** The names in the service's price list (docs: images/upscale, images/remove-bg). */
export const TOOL_BILLING: Readonly<Record<PictureTool['name'], string>> = {
  upscale: 'viraltok-image-upscale',
  'remove-bg': 'viraltok-remove-bg',
};

/**
 * The longest side that an upscaled picture may have, in pixels. The service makes up to about 10,000; beyond this size
 * hardly any picture fits into a message, and it would only be shrunk again.
 */
export const UPSCALED_MAX_SIDE_PX = 8192;

/** Width and height in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** The factors by which a picture of this size can grow; all of them if the size is unknown. */
export function upscaleFactors(size: PixelSize | null): UpscaleFactor[] {
  if (size === null) return [...UPSCALE_FACTORS];
  const side = Math.max(size.width, size.height);
  return UPSCALE_FACTORS.filter((factor) => side * factor <= UPSCALED_MAX_SIDE_PX);
}
