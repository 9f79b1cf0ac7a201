import type { Logger } from 'pino';
import type { ImageRequest } from '../request/request.ts';
import type { ServiceErrorKind } from './errors.ts';

/** A service that makes images. Every call throws ImageServiceError, and retries by itself if that can't pay twice. */
export interface ImageService {
  /** Whether `create` answers with the image itself, after minutes, instead of a task to ask about. */
  readonly makesAtOnce: boolean;
  /**
   * Has one image made. The `charged` of an error tells whether it may have been paid for nevertheless. The signal
   * never aborts a create that is under way. A request with a tool is answered with the image or the words, if the service
   * has it.
   */
  create(request: ImageRequest, attached: Attached, options?: CallOptions): Promise<Created>;
  /** The state of a task. An undocumented status counts as 'running'. Throws kind 'parameters' for an unknown task. */
  queryImageTask(taskId: string, options?: CallOptions): Promise<TaskReport>;
  /** The image that a finished task's answer contains, as a data URI, or else its URL; null when there is neither. */
  queryImage(taskId: string, options?: CallOptions): Promise<string | null>;
  /** Uploads a reference to the service; null if the service only accepts references with the create. */
  readonly uploadFile: ((file: ImageFile, options?: CallOptions) => Promise<{ url: string }>) | null;
  /** Calls the listener after each try of any call. */
  onAttempt(listener: (attempt: Attempt) => void): void;
}

export interface CallOptions {
  /** Ends the call. A create that is under way still finishes, but isn't retried. */
  signal?: AbortSignal;
  log?: Logger;
  /** Called immediately before each try; what it throws ends the call. */
  beforeTry?: () => void;
}

/** The images that are sent with a create; a mask only together with references. */
export interface Attached {
  readonly references: readonly Reference[];
  /** The first reference may change where the mask is transparent. */
  readonly mask: Reference | null;
}

/** An image that is sent with a create: as a URL that the service can reach, or as bytes. */
export type Reference = { readonly url: string } | ImageFile;

export interface ImageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly filename: string;
  readonly mimeType: string;
}

/** The cost of an image by the service, in its coins; absent when the service doesn't report it. */
export interface Billed {
  readonly cost?: number;
}

/** The answer to a create: a task to ask about, the image, or the words of a tool that writes. */
export type Created = Billed & ({ readonly kind: 'task'; readonly taskId: string } | MadeAtOnce | Said);

export interface Said {
  readonly kind: 'words';
  readonly text: string;
}

/** The unchecked image from the answer, or the URL where it can be fetched for a while. */
export type MadeAtOnce =
  | { readonly kind: 'image'; readonly bytes: Buffer }
  | { readonly kind: 'image'; readonly url: string };

export type TaskReport = Billed & TaskStatus;

type TaskStatus =
  | { status: 'waiting' | 'running'; progress: number | null; serviceStatus: string }
  /**
   * `imageUrl` is INLINE_IMAGE when the answer contains the image itself. `completedAt` is in milliseconds since the
   * epoch by the service's clock, rounded to seconds; null when the service doesn't report it.
   */
  | { status: 'completed'; imageUrl: string; completedAt: number | null }
  | { status: 'failed'; reason: string | null };

/** One try of a call, and its outcome. */
export interface Attempt {
  readonly call: 'create' | 'tool' | 'query' | 'upload' | 'balance' | 'catalog';
  readonly outcome: 'ok' | ServiceErrorKind;
  /** Whether the same call was tried before. */
  readonly isRetry: boolean;
}
