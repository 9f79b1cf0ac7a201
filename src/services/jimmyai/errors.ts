export type JimmyAiErrorKind =
  | 'authentication'
  | 'parameters'
  | 'credit'
  | 'content-policy'
  | 'rate-limited'
  | 'unavailable'
  | 'unreachable'
  | 'timeout'
  | 'connection-lost'
  | 'malformed-answer'
  | 'unknown-code'
  | 'aborted';

/** Whether a create that ended in this error may have been paid for. Other calls cost nothing: always 'no'. */
export type Charged = 'no' | 'maybe';

interface JimmyAiErrorFields {
  charged: Charged;
  serviceMessage?: string | null;
  retryAfterMs?: number | null;
  cause?: unknown;
}

/** The one expected error of the client: what went wrong, and whether money may have been spent. */
export class JimmyAiError extends Error {
  override readonly name = 'JimmyAiError';
  readonly kind: JimmyAiErrorKind;
  readonly charged: Charged;
  /** The service's own words, shortened, for quoting. */
  readonly serviceMessage: string | null;
  /** How long the service asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(kind: JimmyAiErrorKind, message: string, fields: JimmyAiErrorFields) {
    super(message, { cause: fields.cause });
    this.kind = kind;
    this.charged = fields.charged;
    this.serviceMessage = fields.serviceMessage ?? null;
    this.retryAfterMs = fields.retryAfterMs ?? null;
  }
}

const CONTENT_POLICY_WORDS =
  /polic(y|ies)|safety|moderat(ion|ed)|sensitive|nsfw|prohibited|inappropriate|guidelines|违规|违反|违禁|敏感|审核|内容安全|色情|暴力/i;

/** Whether the service's words (an error's `msg`, a failed task's reason) say that the content was refused. */
export function isContentPolicy(text: string): boolean {
  return CONTENT_POLICY_WORDS.test(text);
}

const CREDIT_WORDS = /insufficient|\bbalance\b|quota|余额不足|额度/i;

/** Whether the service's words name an empty balance or an exhausted key quota: neither has a documented code. */
export function isOutOfCredit(text: string): boolean {
  return CREDIT_WORDS.test(text);
}

const ACCOUNT_EMPTY_WORDS =
  /余额不足|额度(不足|已用|用完|耗尽)|insufficient[_ ](\w+ )?(balance|credits?|quota|funds)|(balance|credits?) (is |are )?(insufficient|too low|exhausted)/i;

/** Whether the words can mean nothing but an empty account or key, whatever code they come with. */
export function isAccountEmpty(text: string): boolean {
  return ACCOUNT_EMPTY_WORDS.test(text);
}
