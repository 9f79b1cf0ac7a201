import { Hono } from 'hono';
import { okAnswer } from '../answers.ts';
import type { Misbehaviour } from '../misbehaviour.ts';
import type { Prices } from '../prices.ts';
import type { RecordingEnv } from '../recording.ts';
import { BadParameters } from '../rules.ts';
import type { ReadFile } from '../served-file.ts';
import { type ToolCall, toolFilePath } from './calls.ts';
import { passesOf, upscaled, withoutBackground } from './pictures.ts';
import { parseToolRequest, removeBackgroundRequest, upscaleRequest } from './rules.ts';
import { createServe, type ToolDependencies } from './serve.ts';

/** Under /api/open-api/v1/images: the tools that make a picture of another one. */
export function createPictureRoutes(dependencies: ToolDependencies) {
  const { prices, readFile } = dependencies;
  const serve = createServe(dependencies);
  const routes = new Hono<RecordingEnv>();

  routes.post('/upscale', async (context) => {
    const request = parseToolRequest(upscaleRequest, context.var.record.body);
    const { origin } = new URL(context.req.url);
    const source = await fetchSource(request.image_url, origin, readFile);
    const passes = passesOf(request);
    return serve(context, {
      tool: 'upscale',
      request,
      coins: passes * priceOf('viraltok-image-upscale', prices),
      make: () => upscaled(source, request),
      answer: (call, misbehaviour) =>
        pictureAnswer(
          call,
          { format: request.response_format, origin, misbehaviour },
          { pass_count: passes },
        ),
    });
  });

  routes.post('/remove-bg', async (context) => {
    const request = parseToolRequest(removeBackgroundRequest, context.var.record.body);
    const { origin } = new URL(context.req.url);
    const source = await fetchSource(request.image_url, origin, readFile);
    return serve(context, {
      tool: 'remove-bg',
      request,
      coins: priceOf('viraltok-remove-bg', prices),
      make: () => withoutBackground(source, request),
      answer: (call, misbehaviour) =>
        pictureAnswer(call, { format: request.response_format, origin, misbehaviour }),
    });
  });

  return routes;
}

/** The examples of these pages have the number 0. */
const SUCCESS = { kind: 'success-code', code: 0 } as const;

interface Wanted {
  readonly format: 'url' | 'b64_json';
  readonly origin: string;
  readonly misbehaviour: Misbehaviour | null;
}

function pictureAnswer(call: ToolCall, { format, origin, misbehaviour }: Wanted, more: object = {}): object {
  const isInline = format === 'b64_json' || misbehaviour?.kind === 'inline-image';
  const picture = isInline
    ? { b64_json: call.file?.bytes.toString('base64') }
    : { image_url: origin + toolFilePath(call) };
  return okAnswer({ task_id: call.id, status: 'completed', cost: call.coins, ...picture, ...more }, SUCCESS);
}

function priceOf(name: string, { own, catalog }: Prices): number {
  return own.get(name) ?? catalog.get(name) ?? 0;
}

/** Only what lies at this very server is fetched. */
async function fetchSource(address: string, origin: string, readFile: ReadFile): Promise<Buffer> {
  const url = new URL(address);
  const file = url.origin === origin ? await readFile(url.pathname) : null;
  if (!file?.mime.startsWith('image/')) throw new BadParameters('image_url: no image can be fetched there');
  return file.bytes;
}
