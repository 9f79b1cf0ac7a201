import { setTimeout as delay } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import sharp from 'sharp';
import { isContentPolicy } from '../../src/services/image-service/refusal-words.ts';
import { refusalOf } from '../jimmyai/account.ts';
import type { ApiDependencies } from '../jimmyai/api-routes.ts';
import { faultAt, type Misbehaviour } from '../jimmyai/misbehaviour.ts';
import { type PixelSize, pixelSize } from '../jimmyai/pixel-size.ts';
import { billOf } from '../jimmyai/prices.ts';
import type { RecordingEnv } from '../jimmyai/recording.ts';
import type { Reference } from '../jimmyai/references.ts';
import type { TaskRequest } from '../jimmyai/task-request.ts';
import type { Task } from '../jimmyai/tasks.ts';
import { readEditForm } from './edit-form.ts';
import { answerWithFault, errorAnswer, MODERATION_BLOCKED, NO_CREDIT, SERVER_ERROR } from './errors.ts';
import { type ImageFields, InvalidRequest, parseFields } from './fields.ts';
import { inOtherForm } from './other-forms.ts';

const LOOK_EVERY_MS = 5;

/** OpenAI's images API under /v1: each create is answered with the image, once that is made. */
export function createOpenAiRoutes(dependencies: ApiDependencies) {
  const { apiKey, tasks, balance, prices, misbehaviours, readFile, onTask } = dependencies;
  const api = new Hono<RecordingEnv>();

  api.use(async (context, next) => {
    if (context.req.header('authorization') === `Bearer ${apiKey}`) return await next();
    return errorAnswer(401, { message: 'Incorrect API key provided.', code: 'invalid_api_key' });
  });

  api.onError((error) => {
    if (!(error instanceof InvalidRequest)) throw error;
    const { message, param, code } = error;
    return errorAnswer(code === 'model_not_found' ? 404 : 400, { message, param, code });
  });

  api.post('/images/generations', (context) => make(context, context.var.record.body, []));

  api.post('/images/edits', async (context) => {
    const form = await context.req.formData().catch(() => {
      throw new InvalidRequest('The body is no multipart form.', {});
    });
    const { fields, images, mask } = await readEditForm(form);
    Object.assign(context.var.record, { body: { ...fields, ...(mask && { mask: true }) } });
    return make(context, fields, images);
  });

  async function make(
    context: Context<RecordingEnv>,
    body: unknown,
    references: readonly Reference[],
  ): Promise<Response> {
    const fields = parseFields(body);
    const request = requestOf(fields, references);
    const misbehaviour = misbehaviours.forCreate(request);
    const fault = faultAt('create', misbehaviour);
    if (fault && !('created' in fault && fault.created)) return answerWithFault(context, fault);
    const coins = billOf(request, prices);
    if (refusalOf(coins, balance)) return errorAnswer(429, NO_CREDIT);
    const task = tasks.create(request, references, misbehaviour, coins);
    onTask(task);
    if (fault) return answerWithFault(context, fault);
    const over = await whenOver(task, () => context.env.outgoing.destroyed);
    if (over === null) return RESPONSE_ALREADY_SENT;
    onTask(over);
    return over.status === 'failed' ? failure(over.misbehaviour) : answer(context, over, fields);
  }

  /** Null where nobody waits for it any more. */
  async function whenOver({ id }: Task, hasLeft: () => boolean): Promise<Task | null> {
    for (;;) {
      const task = tasks.find(id);
      if (!task || hasLeft()) return null;
      if (task.status === 'completed' || task.status === 'failed') return task;
      await delay(LOOK_EVERY_MS);
    }
  }

  async function answer(
    context: Context<RecordingEnv>,
    { id, createdAt, misbehaviour }: Task,
    {
      answersUrl,
      output_format: format = 'png',
      quality = 'auto',
      size = 'auto',
    }: ReturnType<typeof parseFields>,
  ): Promise<Response> {
    const { href } = new URL(`/files/${id}.png`, context.req.url);
    const file = await readFile(`/files/${id}.png`);
    const bytes =
      file && format !== 'png' ? await sharp(file.bytes).toFormat(format).toBuffer() : file?.bytes;
    const image =
      answersUrl || misbehaviour?.kind === 'other-url'
        ? { url: href }
        : { b64_json: bytes?.toString('base64') };
    const data = {
      created: Math.floor(createdAt / 1000),
      data: misbehaviour?.kind === 'no-image-url' ? [] : [image],
      output_format: format,
      quality,
      size,
      usage: { total_tokens: 100, input_tokens: 50, output_tokens: 50 },
    };
    // As JimmyAI's own synchronous endpoints wrap it.
    if (misbehaviour?.kind === 'wrapped') return Response.json({ code: 20000, msg: 'ok', data });
    return misbehaviour?.kind === 'other-form' ? inOtherForm(misbehaviour.as, data) : Response.json(data);
  }

  return api;
}

function failure(misbehaviour: Misbehaviour | null): Response {
  const reason = misbehaviour && 'reason' in misbehaviour ? misbehaviour.reason : '';
  return isContentPolicy(reason) ? errorAnswer(400, MODERATION_BLOCKED) : errorAnswer(500, SERVER_ERROR);
}

function requestOf(fields: ImageFields, references: readonly Reference[]): TaskRequest {
  const { model, prompt, quality = 'auto', background, output_format } = fields;
  const size = pixelsOf(fields);
  return {
    model,
    prompt,
    ratio: 'auto',
    resolution: '1k',
    quality,
    images: references.map(() => 'file'),
    ...(background && { background }),
    ...(output_format && { output_format }),
    ...(size && { size }),
  };
}

/** Null where the model chooses. */
function pixelsOf({ size, aspect_ratio: ratio, resolution = '1k' }: ImageFields): PixelSize | null {
  const [width, height] = size && size !== 'auto' ? size.split('x').map(Number) : [];
  if (width && height) return { width, height };
  const [across, down] = ratio?.split(':').map(Number) ?? [];
  return across && down ? pixelSize(across / down, resolution) : null;
}
