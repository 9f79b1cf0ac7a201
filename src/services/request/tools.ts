/** What the service does besides making images. Each can be switched off by itself. */
export const TOOLS = ['upscale', 'remove-bg', 'describe', 'enhance'] as const;
export type Tool = (typeof TOOLS)[number];

/** How many times larger an upscaled image can be. */
export const UPSCALE_FACTORS = [2, 4] as const;
export type UpscaleFactor = (typeof UPSCALE_FACTORS)[number];

/** What made a picture from another one, where no model drew it. */
export type PictureTool =
  | { readonly name: 'upscale'; readonly factor: UpscaleFactor }
  | { readonly name: 'remove-bg' };

/** As the service's price list calls it (docs: images/upscale, images/remove-bg). */
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

/** The factors by which a picture of this size can grow; all of them where nobody knows its size. */
export function upscaleFactors(size: PixelSize | null): UpscaleFactor[] {
  if (size === null) return [...UPSCALE_FACTORS];
  const side = Math.max(size.width, size.height);
  return UPSCALE_FACTORS.filter((factor) => side * factor <= UPSCALED_MAX_SIDE_PX);
}
