import { z } from 'zod';
import { BadParameters } from '../rules.ts';

/** Upscaling as its page has it, defaults filled in (docs: images/upscale). */
export const upscaleRequest = z.strictObject({
  image_url: z.url({ protocol: /^https?$/ }),
  upscale_mode: z.enum(['factor', 'target']).default('factor'),
  upscale_factor: z.number().min(1).max(20).multipleOf(0.1).default(2),
  target_resolution: z.enum(['720p', '1080p', '1440p', '2160p']).default('1080p'),
  noise_scale: z.number().min(0).max(1).default(0.1),
  output_format: z.enum(['jpg', 'png', 'webp']).default('jpg'),
  seed: z.int().optional(),
  response_format: z.enum(['b64_json', 'url']).default('b64_json'),
});
export type UpscaleRequest = z.output<typeof upscaleRequest>;

/** Cutting out as its page has it (docs: images/remove-bg). */
export const removeBackgroundRequest = z
  .strictObject({
    image_url: z.url({ protocol: /^https?$/ }),
    model: z
      .enum(['general_light', 'general_light_2k', 'general_heavy', 'matting', 'portrait', 'general_dynamic'])
      .default('general_light_2k'),
    operating_resolution: z.enum(['1024x1024', '2048x2048', '2304x2304']).default('2048x2048'),
    output_format: z.enum(['png', 'webp', 'gif']).default('png'),
    refine_foreground: z.boolean().default(true),
    response_format: z.enum(['b64_json', 'url']).default('b64_json'),
  })
  .refine(
    ({ model, operating_resolution: at }) => at !== '2304x2304' || model === 'general_dynamic',
    'operating_resolution: 2304x2304 is for general_dynamic only',
  );
export type RemoveBackgroundRequest = z.output<typeof removeBackgroundRequest>;

/** A question about images (docs: openapi.json, ImageUnderstandingRequest). */
export const understandRequest = z.strictObject({
  model: z.literal('gemini-3.5-flash'),
  contents: z
    .array(
      z.strictObject({
        role: z.enum(['user', 'model']),
        parts: z
          .array(
            z.union([
              z.strictObject({ text: z.string().min(1) }),
              z.strictObject({
                inline_data: z.strictObject({
                  mime_type: z.string().regex(/^image\//),
                  data: z.string().min(1),
                }),
              }),
            ]),
          )
          .min(1),
      }),
    )
    .min(1),
});
export type UnderstandRequest = z.output<typeof understandRequest>;

/** A conversation (docs: chat/completions). Fields of OpenAI's besides are passed on, which the sandbox has no use for. */
export const chatRequest = z.strictObject({
  model: z.enum(['gpt-5.6-sol', 'gpt-5.6-terra', 'claude-sonnet-5']).default('gpt-5.6-sol'),
  messages: z
    .array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string().min(1) }))
    .min(1),
  stream: z.literal(false).optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.int().positive().optional(),
});
export type ChatRequest = z.output<typeof chatRequest>;

/** What a tool's request says. Throws BadParameters naming every problem; what the page doesn't name is one. */
export function parseToolRequest<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new BadParameters(
    parsed.error.issues.map(({ path, message }) => [path.join('.') || 'body', message].join(': ')).join('; '),
  );
}
