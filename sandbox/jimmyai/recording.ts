import type { HttpBindings } from '@hono/node-server';
import type { HonoRequest } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Clock } from '../clock.ts';

/** One received HTTP request. Its headers, which contain the key, aren't kept. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** Milliseconds by the sandbox's clock. */
  readonly at: number;
  /** Parsed JSON; undefined for anything else. */
  readonly body: unknown;
  /** Null until the answer; it stays null when the connection was dropped or left hanging. */
  status: number | null;
  /** The envelope's code; null when the answer had none. */
  code: string | number | null;
}

export interface RecordingEnv {
  Bindings: HttpBindings;
  Variables: { record: RecordedRequest };
}

/**
 * Records every request into `requests` once all of it has arrived, and announces it once it is answered or given up. Whoever
 * sees it there may kill the bot: the request still meets the misbehaviour that is planned for it.
 */
export function recording(
  requests: RecordedRequest[],
  { clock, onRequest }: { clock: Clock; onRequest: (request: RecordedRequest) => void },
) {
  return createMiddleware<RecordingEnv>(async (context, next) => {
    const { method, path } = context.req;
    const at = clock.now();
    const body = await bodyOf(context.req);
    const record: RecordedRequest = { method, path, at, body, status: null, code: null };
    requests.push(record);
    context.set('record', record);
    await next();
    if (!context.res.headers.has('x-hono-already-sent')) {
      record.status = context.res.status;
      record.code = await codeOf(context.res);
    }
    onRequest(record);
  });
}

/** Waits for the whole body, whatever it is. */
async function bodyOf(request: HonoRequest): Promise<unknown> {
  if (request.header('content-type')?.startsWith('application/json')) return parseJson(await request.text());
  await request.arrayBuffer();
  return undefined;
}

async function codeOf(answer: Response): Promise<RecordedRequest['code']> {
  if (!answer.headers.get('content-type')?.startsWith('application/json')) return null;
  if (answer.headers.has('content-encoding')) return null;
  const { code = null } = (await answer.clone().json()) as { code?: RecordedRequest['code'] };
  return code;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
