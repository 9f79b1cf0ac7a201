/**
 * Where a fault of the answer strikes. `created`: the task was made, and charged, all the same (default false).
 * `repeat`: how many of the task's queries or downloads are hit, from the first on (default 1).
 */
export type Where =
  | { at: 'create'; created?: boolean }
  | { at: 'query' | 'download'; repeat?: number }
  | { at: 'upload' };

export type Endpoint = Where['at'];

/** Instead of the answer: the connection is cut (a download: halfway through the image). */
type Dropped = { kind: 'dropped' } & Where;
/** Instead of the answer: nothing, ever. */
type Hang = { kind: 'hang' } & Where;
/** HTTP 503 with a proxy's HTML page. */
type Unavailable = { kind: 'unavailable' } & Where;
/** HTTP 429 with Retry-After in seconds or as an HTTP date. */
type TooManyRequests = {
  kind: 'too-many-requests';
  retryAfterSeconds: number;
  form: 'seconds' | 'date';
} & Where;
/** A page of HTML where JSON belongs; HTTP 200 unless told. */
type Html = { kind: 'html'; status?: number } & Where;
/** An envelope with another code than 20000; HTTP 200 unless told. */
type ErrorCode = { kind: 'error-code'; code: string | number; msg: string; status?: number } & Where;

/** Faults that take the place of one answer. */
export type Fault =
  | Dropped
  | Hang
  | Unavailable
  | TooManyRequests
  | Html
  | ErrorCode
  /** A create is refused: undocumented code, the msg names the balance. */
  | { kind: 'out-of-credit'; at: 'create'; msg?: string }
  /** The upload endpoint doesn't exist: HTTP 404. */
  | { kind: 'upload-missing'; at: 'upload' };

/** Oddities of one task, from its creation to its image. */
export type Oddity =
  | { kind: 'slow'; factor: number }
  /** Never ends: stays at 99 %. */
  | { kind: 'stuck' }
  /** `status` and `field` default to `failed` and `error_message`; older versions said otherwise. */
  | { kind: 'failed'; reason: string; status?: string; field?: 'error_message' | 'error_msg' | 'fail_reason' }
  /** Every answer about the task has this as its code of success. */
  | { kind: 'success-code'; code: string | number }
  /** The first so many queries reach a replica that doesn't know the task yet. */
  | { kind: 'lagging-replica'; queries: number; as?: 'bad-parameters' | 'not-found' | 'words' }
  /** Completed, and the image stands in the answer itself. */
  | { kind: 'inline-image'; as: 'data-uri' | 'spaced-data-uri' | 'b64_json' | 'openai' | 'json-string' }
  /** Failed, and why is said in another shape than as a text. */
  | { kind: 'failed-oddly'; as: 'object' | 'json' | 'html' | 'nested'; reason: string; code?: string }
  /** Every answer about the task has the number 20000 as its code instead of the string. */
  | { kind: 'number-code' }
  /** Every answer about the task is the bare data. */
  | { kind: 'no-envelope' }
  /** Every answer about the task names its fields as the service's FAQ does: `taskId`, and `mediaUrl` without a result. */
  | { kind: 'faq-names' }
  /** The other words clients have seen: submitted, in_progress, succeeded. */
  | { kind: 'older-words' }
  /** What is over is said to be so in other words. */
  | { kind: 'other-words'; completed: string; failed: string }
  /** Every answer about the task has the task one level further down. */
  | { kind: 'wrapped'; as: 'envelope' | 'task' | 'list' }
  /** Completed, and the image's address stands in another field of the result. */
  | { kind: 'other-place'; field: string }
  /** Every answer to a query, and the image, come packed, whatever was asked for. */
  | { kind: 'packed'; as: 'gzip' | 'br' | 'deflate' }
  /** A word nobody knows until the task is completed; with `forever` it never is. */
  | { kind: 'unknown-status'; status: string; forever?: boolean }
  | { kind: 'odd-progress'; progress: 'missing' | 'null' | 'string' | 'backwards' }
  /** `late`: 0 until the task is completed. `corrected`: twice as much until then. */
  | { kind: 'odd-cost'; cost: 'missing' | 'string' | 'negative' | 'late' | 'corrected' }
  | { kind: 'relative-url' }
  /** Completed, and the image is said to be somewhere else: `{url}` stands for where it is. */
  | { kind: 'other-url'; url: string }
  /** Completed, and no image is named. */
  | { kind: 'no-image-url' }
  /** Something else in the image's place; with `downloads` only that often. */
  | { kind: 'not-an-image'; as: 'html' | 'text' | 'nothing'; downloads?: number }
  /** Half of the PNG, as if it were all; with `downloads` only that often. */
  | { kind: 'truncated-image'; downloads?: number }
  /** The image isn't there yet: the first so many downloads are answered with this status (default 404). */
  | { kind: 'late-image'; downloads: number; status?: number }
  /** This file is the image. */
  | { kind: 'given-image'; bytes: Uint8Array<ArrayBuffer>; mime: string }
  /** The image is gone (404) instead of after three days: at once, or when it has been fetched so often. */
  | { kind: 'expired-image'; afterDownloads?: number }
  /** Noise makes the PNG larger than 10 MiB. */
  | { kind: 'huge-image' };

export type Misbehaviour = Fault | Oddity;

/** The fault that strikes this request, when `hits` counts the ones of its kind so far, this one included. */
export function faultAt(endpoint: Endpoint, misbehaviour: Misbehaviour | null, hits = 1): Fault | null {
  if (!misbehaviour || !('at' in misbehaviour) || misbehaviour.at !== endpoint) return null;
  const repeat = 'repeat' in misbehaviour ? (misbehaviour.repeat ?? 1) : 1;
  return hits <= repeat ? misbehaviour : null;
}
