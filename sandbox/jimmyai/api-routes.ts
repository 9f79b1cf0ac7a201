import { type Context, Hono } from 'hono';
import { keyBalanceData, refusalOf, userBalanceData } from './account.ts';
import { CODE, createdData, errorAnswer, inlineData, lagAnswer, okAnswer, taskData } from './answers.ts';
import { answerWithFault } from './faults.ts';
import { faultAt } from './misbehaviour.ts';
import { packedAnswer } from './packed-answer.ts';
import { billOf } from './prices.ts';
import type { RecordingEnv } from './recording.ts';
import { checkMask, readReferences } from './references.ts';
import { BadParameters, checkShapes, parseCreateRequest } from './rules.ts';
import type { ReadFile } from './served-file.ts';
import type { Task, Tasks } from './tasks.ts';
import { createPictureRoutes } from './tools/picture-routes.ts';
import type { ToolDependencies } from './tools/serve.ts';
import { createTextRoutes } from './tools/text-routes.ts';
import type { Uploads } from './uploads.ts';

export interface ApiDependencies extends ToolDependencies {
  apiKey: string;
  /** Documented errors come with HTTP 400 or 401 instead of 200. */
  httpErrors: boolean;
  tasks: Tasks;
  uploads: Uploads;
  onTask: (task: Task) => void;
}

/** Everything under /api/open-api/v1, as in the service's reference. */
export function createApiRoutes(dependencies: ApiDependencies) {
  const { apiKey, httpErrors, tasks, uploads, balance, prices, misbehaviours, readFile, onTask } =
    dependencies;
  const api = new Hono<RecordingEnv>();

  api.use(async (context, next) => {
    if (context.req.header('authorization') === `Bearer ${apiKey}`) return await next();
    return context.json(errorAnswer(CODE.unauthenticated, 'authentication failed'), httpErrors ? 401 : 200);
  });

  api.onError((error, context) => {
    if (!(error instanceof BadParameters)) throw error;
    return context.json(errorAnswer(CODE.badParameters, error.message), httpErrors ? 400 : 200);
  });

  api.post('/images', async (context) => {
    const request = parseCreateRequest(context.var.record.body);
    const references = await readReferences(request.images, { origin: originOf(context), readFile });
    checkShapes(request.model, references);
    if (request.mask_url !== undefined) {
      const [mask] = await readReferences([request.mask_url], { origin: originOf(context), readFile });
      await checkMask(mask, references[0]);
    }
    const misbehaviour = misbehaviours.forCreate(request);
    const fault = faultAt('create', misbehaviour);
    if (fault && !('created' in fault && fault.created)) return answerWithFault(context, fault);

    const coins = billOf(request, prices);
    const refusal = refusalOf(coins, balance);
    if (refusal) return context.json(errorAnswer(refusal.code, refusal.msg));

    const task = tasks.create(request, references, misbehaviour, coins);
    onTask(task);
    if (fault) return answerWithFault(context, fault, createdData(task));
    return context.json(okAnswer(createdData(task), misbehaviour));
  });

  api.route('/images', createPictureRoutes(dependencies));
  api.route('/', createTextRoutes(dependencies));

  api.get('/images/:id', async (context) => {
    const task = tasks.query(context.req.param('id'));
    if (!task) throw new BadParameters('task_id: no such task');
    onTask(task);
    const fault = faultAt('query', task.misbehaviour, task.queries);
    if (fault) return answerWithFault(context, fault);
    const lag = lagAnswer(task);
    if (lag) return Response.json(lag.envelope, { status: lag.status });
    const data = taskData(task, originOf(context));
    const answer = okAnswer(await withImage(data, task, readFile), task.misbehaviour);
    return task.misbehaviour?.kind === 'packed'
      ? packedAnswer(Buffer.from(JSON.stringify(answer)), 'application/json', task.misbehaviour.as)
      : context.json(answer);
  });

  api.post('/files/upload', async (context) => {
    const { file } = await context.req.parseBody().catch((cause: unknown) => {
      throw new BadParameters('body: not a multipart form', { cause });
    });
    // Not before the upload is read: an answer in the middle of it would reach some callers as a lost connection.
    const fault = faultAt('upload', misbehaviours.forUpload());
    if (fault) return answerWithFault(context, fault);
    if (!(file instanceof File)) throw new BadParameters('file: a multipart field with a file is required');
    const { name, filename, bytes, mime } = await uploads.keep(file);
    const { href } = new URL(`/files/uploads/${name}`, context.req.url);
    return context.json(okAnswer({ url: href, filename, size: bytes.length, mime_type: mime }));
  });

  api.get('/user/balance', (context) => context.json(okAnswer(userBalanceData(balance))));
  api.get('/key/balance', (context) => context.json(okAnswer(keyBalanceData(balance))));
  return api;
}

async function withImage(
  data: object,
  { id, status, misbehaviour }: Task,
  readFile: ReadFile,
): Promise<object> {
  if (misbehaviour?.kind !== 'inline-image' || status !== 'completed') return data;
  const image = await readFile(`/files/${id}.png`);
  return image ? inlineData(data, image.bytes, misbehaviour.as) : data;
}

function originOf({ req }: Context): string {
  return new URL(req.url).origin;
}
