/**
 * The answer that a fault strikes. `created`: the task was nevertheless created and charged (default false).
 * `made`: the tool nevertheless did its work and charged it (default false).
 * `repeat`: how many of the task's queries or downloads are hit, beginning with the first (default 1).
 */
export type Where =
  | { at: 'create'; created?: boolean }
  | { at: 'query' | 'download'; repeat?: number }
  | { at: 'upload' }
  | { at: 'tool'; made?: boolean };

export type Endpoint = Where['at'];

/** Instead of the answer: the connection is cut (a download: halfway through the image). */
type Dropped = { kind: 'dropped' } & Where;
/** The service never answers. */
type Hang = { kind: 'hang' } & Where;
/** HTTP 503 with a proxy's HTML page. */
type Unavailable = { kind: 'unavailable' } & Where;
/** HTTP 429 with Retry-After in seconds or as an HTTP date. */
type TooManyRequests = {
  kind: 'too-many-requests';
  retryAfterSeconds: number;
  form: 'seconds' | 'date';
} & Where;
/** A page of HTML instead of JSON; by default with HTTP 200. */
type Html = { kind: 'html'; status?: number } & Where;
/** An envelope with another code than 20000; by default with HTTP 200. */
type ErrorCode = { kind: 'error-code'; code: string | number; msg: string; status?: number } & Where;

/** Faults that replace one answer. */
export type Fault =
  | Dropped
  | Hang
  | Unavailable
  | TooManyRequests
  | Html
  | ErrorCode
  /** A create or a tool is refused: undocumented code, the msg names the balance. */
  | { kind: 'out-of-credit'; at: 'create' | 'tool'; msg?: string }
  /** The upload endpoint doesn't exist: HTTP 404. */
  | { kind: 'upload-missing'; at: 'upload' };

/** Oddities of one task, from its creation to its image. */
export type Oddity =
  | { kind: 'slow'; factor: number }
  /** Never ends, but stays at 99 %. */
  | { kind: 'stuck' }
  /** `status` and `field` default to `failed` and `error_message`; older versions of the service differ. */
  | { kind: 'failed'; reason: string; status?: string; field?: 'error_message' | 'error_msg' | 'fail_reason' }
  /** Every answer about the task has this as its code of success. */
  | { kind: 'success-code'; code: string | number }
  /** The first so many queries reach a replica that doesn't know the task yet. */
  | { kind: 'lagging-replica'; queries: number; as?: 'bad-parameters' | 'not-found' | 'words' }
  /** Completed, and the answer contains the image itself. */
  | { kind: 'inline-image'; as: 'data-uri' | 'spaced-data-uri' | 'b64_json' | 'openai' | 'json-string' }
  /** By OpenAI's API the create is answered with the image in another form; `heartbeats`: white space comes first. */
  | { kind: 'other-form'; as: 'event-stream' | 'json-lines' | 'file' | 'heartbeats' }
  /** Failed, with a reason that isn't plain text. */
  | { kind: 'failed-oddly'; as: 'object' | 'json' | 'html' | 'nested'; reason: string; code?: string }
  /** Every answer about the task has the number 20000 as its code instead of the string. */
  | { kind: 'number-code' }
  /** Every answer about the task is the bare data. */
  | { kind: 'no-envelope' }
  /** Every answer about the task names its fields as the service's FAQ does: `taskId`, and `mediaUrl` without a result. */
  | { kind: 'faq-names' }
  /** Other words that clients have seen: submitted, in_progress, succeeded. */
  | { kind: 'older-words' }
  /** Other words for completed and failed. */
  | { kind: 'other-words'; completed: string; failed: string }
  /** Every answer about the task has the task one level further down. */
  | { kind: 'wrapped'; as: 'envelope' | 'task' | 'list' }
  /** Completed, with the image's URL in another field of the result. */
  | { kind: 'other-place'; field: string }
  /** Every answer to a query, and the image, are compressed, whatever the request accepts. */
  | { kind: 'packed'; as: 'gzip' | 'br' | 'deflate' }
  /** An unknown word until the task is completed; with `forever` it never is. */
  | { kind: 'unknown-status'; status: string; forever?: boolean }
  | { kind: 'odd-progress'; progress: 'missing' | 'null' | 'string' | 'backwards' }
  /** `late`: 0 until the task is completed. `corrected`: twice as much until then. */
  | { kind: 'odd-cost'; cost: 'missing' | 'string' | 'negative' | 'late' | 'corrected' }
  | { kind: 'relative-url' }
  /** Completed, with another URL for the image; `{url}` stands for the true one. */
  | { kind: 'other-url'; url: string }
  /** Completed, but without an image. */
  | { kind: 'no-image-url' }
  /** Something else instead of the image; with `downloads` only that often. */
  | { kind: 'not-an-image'; as: 'html' | 'text' | 'nothing'; downloads?: number }
  /** Half of the PNG, as if it were complete; with `downloads` only that often. */
  | { kind: 'truncated-image'; downloads?: number }
  /** The image isn't there yet: the first `downloads` are answered with this status (default 404). */
  | { kind: 'late-image'; downloads: number; status?: number }
  /** This file is the image. */
  | { kind: 'given-image'; bytes: Uint8Array<ArrayBuffer>; mime: string }
  /** The image is gone (404) instead of after three days: at once, or when it has been fetched so often. */
  | { kind: 'expired-image'; afterDownloads?: number }
  /** Noise makes the PNG larger than 10 MiB. */
  | { kind: 'huge-image' };

export type Misbehaviour = Fault | Oddity;

/** The fault for this request. `hits` counts the requests of its kind so far, including this one. */
export function faultAt(endpoint: Endpoint, misbehaviour: Misbehaviour | null, hits = 1): Fault | null {
  if (!misbehaviour || !('at' in misbehaviour) || misbehaviour.at !== endpoint) return null;
  const repeat = 'repeat' in misbehaviour ? (misbehaviour.repeat ?? 1) : 1;
  return hits <= repeat ? misbehaviour : null;
}
