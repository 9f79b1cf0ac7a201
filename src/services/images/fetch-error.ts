import { errors } from 'undici';
import { UnpacksToTooMuchError } from '../http/unpacked.ts';
import { PrivateAddressError } from './address.ts';

export type FetchErrorKind = 'forbidden' | 'gone' | 'too-large' | 'timeout' | 'unreachable' | 'bad-status';

/** An image couldn't be fetched. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly kind: FetchErrorKind;
  /** Whether the same URL is worth trying again. */
  readonly passing: boolean;

  constructor(kind: FetchErrorKind, message: string, passing: boolean, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.passing = passing;
  }
}

/** The error for an HTTP status other than 2xx. Discord's CDN answers 403 or 404 for a URL that has expired. */
export function statusError(status: number): FetchError {
  if (status === 403 || status === 404 || status === 410) {
    return new FetchError('gone', `The image is gone (HTTP ${status})`, false);
  }
  const passing = status >= 500 || status === 429 || status === 408;
  return new FetchError('bad-status', `Unexpected HTTP ${status}`, passing);
}

/** The FetchError for an error of the connection or the body; a FetchError stays as it is. */
export function transportError(cause: unknown): FetchError {
  if (cause instanceof FetchError) return cause;
  if (cause instanceof PrivateAddressError) return new FetchError('forbidden', cause.message, false, cause);
  if (cause instanceof UnpacksToTooMuchError) {
    return new FetchError('too-large', `The image unpacks to ${cause.message}`, false, cause);
  }
  if (TIMEOUTS.some((timeout) => cause instanceof timeout)) {
    return new FetchError('timeout', 'The server did not answer in time', true, cause);
  }
  return new FetchError('unreachable', 'The connection failed', true, cause);
}

const TIMEOUTS = [errors.ConnectTimeoutError, errors.HeadersTimeoutError, errors.BodyTimeoutError];
