export type ServiceErrorKind =
  | 'authentication'
  | 'parameters'
  | 'credit'
  | 'content-policy'
  | 'model-unavailable'
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

interface Fields {
  charged: Charged;
  serviceMessage?: string | null;
  retryAfterMs?: number | null;
  cause?: unknown;
}

/** The only error that callers of a service expect: it tells what went wrong, and whether money may have been spent. */
export class ImageServiceError extends Error {
  override readonly name = 'ImageServiceError';
  readonly kind: ServiceErrorKind;
  readonly charged: Charged;
  /** The service's own words, shortened so that they can be quoted. */
  readonly serviceMessage: string | null;
  /** How long the service asked the bot to wait, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(kind: ServiceErrorKind, message: string, fields: Fields) {
    super(message, { cause: fields.cause });
    this.kind = kind;
    this.charged = fields.charged;
    this.serviceMessage = fields.serviceMessage ?? null;
    this.retryAfterMs = fields.retryAfterMs ?? null;
  }
}
