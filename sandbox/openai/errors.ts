import type { Context } from 'hono';
import { answerWithFault as answerByHttp } from '../jimmyai/faults.ts';
import type { Fault } from '../jimmyai/misbehaviour.ts';
import type { RecordingEnv } from '../jimmyai/recording.ts';

/** The object under `error`, as OpenAI's guide "Error codes" has it. */
export interface ErrorFields {
  readonly message: string;
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

export const NO_CREDIT: ErrorFields = {
  message: 'You exceeded your current quota, please check your plan and billing details.',
  type: 'insufficient_quota',
  code: 'credit_balance_exhausted',
};
export const MODERATION_BLOCKED: ErrorFields = {
  message: 'Your request was rejected by the safety system.',
  type: 'image_generation_user_error',
  code: 'moderation_blocked',
};
export const SERVER_ERROR: ErrorFields = {
  message: 'The server had an error while processing your request. Sorry about that!',
  type: 'server_error',
};

export function errorAnswer(
  status: number,
  { message, type = 'invalid_request_error', param = null, code = null }: ErrorFields,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ error: { message, type, param, code } }, { status, headers });
}

/** What the caller gets in place of the answer. */
export function answerWithFault(context: Context<RecordingEnv>, fault: Fault): Response {
  switch (fault.kind) {
    case 'error-code': {
      const type = (fault.status ?? 500) >= 500 ? 'server_error' : 'invalid_request_error';
      return errorAnswer(fault.status ?? 500, { message: fault.msg, type, code: String(fault.code) });
    }
    case 'out-of-credit':
      return errorAnswer(429, NO_CREDIT);
    case 'too-many-requests':
      return errorAnswer(
        429,
        {
          message: 'Rate limit reached for images per minute.',
          type: 'requests',
          code: 'rate_limit_exceeded',
        },
        { 'retry-after': answerByHttp(context, fault).headers.get('retry-after') ?? '' },
      );
    default:
      return answerByHttp(context, fault);
  }
}
