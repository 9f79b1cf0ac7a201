import { z } from 'zod';
import { type Answer, type Envelope, envelopeOf, taskIn } from '../image-service/envelope.ts';
import { ImageServiceError, type ServiceErrorKind } from '../image-service/errors.ts';
import type { Received } from '../image-service/http.ts';
import { addressIn, imagePlaces } from '../image-service/image-places.ts';
import { isAccountEmpty, isContentPolicy, isModelUnavailable } from '../image-service/refusal-words.ts';
import type { MadeAtOnce } from '../image-service/service.ts';
import { firstWords } from '../image-service/words.ts';
import { bytesOfDataUri } from '../images/data-uri.ts';
import { FetchError } from '../images/fetch-error.ts';
import { shorten } from '../shorten.ts';

const IMAGE_MAX_BYTES = 64 * 1024 * 1024;
const QUOTE_MAX_CHARACTERS = 300;

/**
 * Reads the image from an answer to `images/generations` or `images/edits`, with or without an envelope. If there is an
 * image, nothing else in the answer matters. Throws ImageServiceError if there is none.
 */
export function readImage(answer: Received, baseUrl: URL): MadeAtOnce {
  // A bare file beside an error is a picture of the error.
  const isTrusted = answer.json !== undefined || answer.status < 300;
  if (answer.image !== null && isTrusted) return { kind: 'image', bytes: bytesIn(answer, answer.image) };
  const envelope = envelopeOf(answer.json);
  const places = imagePlaces(taskIn(envelope?.data));
  const url = places.map((place) => addressIn(place, baseUrl)).find((address) => address !== null);
  if (url) return { kind: 'image', url };
  throw refusalOf(answer, envelope);
}

function bytesIn({ status, chargedIfUnclear: charged }: Answer, image: string): Buffer {
  try {
    return bytesOfDataUri(image, IMAGE_MAX_BYTES);
  } catch (cause) {
    if (!(cause instanceof FetchError)) throw cause;
    const message = `The image service's answer holds an image that cannot be read (HTTP ${status})`;
    throw new ImageServiceError('malformed-answer', message, { charged, cause });
  }
}

/** `{ error: { message, type, param, code } }`; some servers send `{ error: "…" }`. */
const ErrorSchema = z.object({
  error: z.union([
    z.object({ code: z.unknown(), type: z.unknown(), param: z.unknown() }).partial(),
    z.string().transform(() => ({})),
  ]),
});

/** The error's fields that are meant for programs. */
function codesIn(json: unknown): string {
  const { error } = ErrorSchema.safeParse(json).data ?? {};
  const { code, type, param } = { code: null, type: null, param: null, ...error };
  return [code, type, param].filter((word) => typeof word === 'string').join(' ');
}

function refusalOf(answer: Answer, envelope: Envelope | null): ImageServiceError {
  const { status, json, retryAfterMs } = answer;
  const words = firstWords([
    envelope?.msg,
    json && typeof json === 'object' && 'detail' in json ? json.detail : null,
  ]);
  const codes = codesIn(json);
  const kind = kindOf(status, envelope, `${words ?? ''} ${codes}`);
  return new ImageServiceError(
    kind,
    `The image service made no image (HTTP ${status}${codes && `, ${shorten(codes, 80)}`})`,
    {
      charged: isCertainlyRefused(status, envelope) ? 'no' : answer.chargedIfUnclear,
      serviceMessage: shorten(words?.trim() ?? '', QUOTE_MAX_CHARACTERS) || null,
      retryAfterMs,
    },
  );
}

/**
 * An account or a key without credit: OpenAI's codes, all sent with HTTP 429 (its guide "Error codes"), and the budgets
 * of gateways such as LiteLLM, which refuses with 400 or 429.
 */
const NO_CREDIT = new RegExp(
  [
    'insufficient_quota|credit_balance|spend_limit|usage_limit_exceeded|billing_(?:hard_limit|not_active)',
    'budget[ _](?:has been )?exceeded|exceeded ?budget|(?:over|crossed) budget',
  ].join('|'),
  'i',
);
/**
 * The account or the key can't use the model, for example because OpenAI must verify the organization first, or because
 * a gateway gives each key some models. Servers send this with the status of a refused key, too.
 */
const NO_MODEL = new RegExp(
  [
    'model_not_found|_model_access_denied|DeploymentNotFound|invalid model name|无权访问模型',
    'must be verified to use|(?:do|does) not have access to (?:the )?model|not allowed to access (?:the )?model',
    "\\bmodel\\b[^.]{0,80}(?:\\bnot found|does(?:n['’]t| not) exist)",
  ].join('|'),
  'i',
);

function kindOf(status: number, envelope: Envelope | null, words: string): ServiceErrorKind {
  if (status === 402 || NO_CREDIT.test(words) || isAccountEmpty(words)) return 'credit';
  if (status === 429) return 'rate-limited';
  if (status >= 500 || envelope?.code === '-1') return 'unavailable';
  return envelope === null ? kindOfPage(status) : kindOfRefusal(status, envelope, words);
}

/** The kind of an answer that isn't JSON. */
function kindOfPage(status: number): ServiceErrorKind {
  if (status === 401) return 'authentication';
  if (UNKNOWN.has(status)) return 'timeout';
  return status === 413 ? 'parameters' : 'malformed-answer';
}

function kindOfRefusal(status: number, { code }: Envelope, words: string): ServiceErrorKind {
  if (isContentPolicy(words)) return 'content-policy';
  if (NO_MODEL.test(words) || isModelUnavailable(words)) return 'model-unavailable';
  if (UNKNOWN.has(status)) return 'timeout';
  if (status === 401 || status === 403 || code === BAD_KEY) return 'authentication';
  if (status === 404 || status === 405) return 'unknown-code';
  if (status >= 400 || code === BAD_PARAMETERS) return 'parameters';
  return code === null ? 'malformed-answer' : 'unknown-code';
}

/** Codes in the envelope of JimmyAI's own synchronous endpoints. */
const BAD_KEY = '20001';
const BAD_PARAMETERS = '20002';

/** The request was refused before any work began. */
const BEFORE_ALL: ReadonlySet<number> = new Set([401, 404, 405, 413, 429]);
/** The client was too slow or has disconnected. The work may have begun. */
const UNKNOWN: ReadonlySet<number> = new Set([408, 499]);

/**
 * Whether the image was certainly not made. A server sends a 4xx in JSON before it begins. After a 5xx, an HTML page or a
 * success without an image this is unknown: a proxy may have given up while the work went on.
 */
function isCertainlyRefused(status: number, envelope: Envelope | null): boolean {
  if (BEFORE_ALL.has(status)) return true;
  if (envelope === null || status >= 500 || UNKNOWN.has(status)) return false;
  if (status >= 400) return true;
  const { code, isOwn } = envelope;
  return isOwn && code !== '-1' && code !== '0' && code !== '20000';
}
