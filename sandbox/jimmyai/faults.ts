import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { errorAnswer, OUT_OF_CREDIT } from './answers.ts';
import type { Fault } from './misbehaviour.ts';
import type { RecordingEnv } from './recording.ts';

const PROXY_PAGE =
  '<html><head><title>nginx</title></head><body><h1>Service Temporarily Unavailable</h1></body></html>';

/** The faulty answer for the caller. An error code comes with `data` if a task was created. */
export function answerWithFault(
  context: Context<RecordingEnv>,
  fault: Fault,
  data: object | null = null,
): Response {
  switch (fault.kind) {
    case 'dropped':
      context.env.outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    case 'hang':
      return RESPONSE_ALREADY_SENT;
    case 'unavailable':
      return context.html(PROXY_PAGE, 503);
    case 'too-many-requests':
      return context.json(errorAnswer('429', 'too many requests'), 429, { 'retry-after': retryAfter(fault) });
    case 'html':
      return new Response(PROXY_PAGE, {
        status: fault.status ?? 200,
        headers: { 'content-type': 'text/html' },
      });
    case 'error-code':
      return Response.json(errorAnswer(fault.code, fault.msg, data), { status: fault.status ?? 200 });
    case 'out-of-credit':
      return context.json(errorAnswer(OUT_OF_CREDIT.code, fault.msg ?? OUT_OF_CREDIT.msg));
    case 'upload-missing':
      return context.notFound() as Response;
  }
}

// Uses the real time, because the caller compares the date with its own clock.
function retryAfter({ retryAfterSeconds, form }: Extract<Fault, { kind: 'too-many-requests' }>): string {
  return form === 'seconds'
    ? String(retryAfterSeconds)
    : new Date(Date.now() + retryAfterSeconds * 1000).toUTCString();
}
