import type { Logger } from 'pino';
import type { ImageRequest } from '../request/request.ts';
import type { ServiceErrorKind } from './errors.ts';

/** A service that makes images. Every call throws ImageServiceError, and tries again by itself where that can't pay twice. */
export interface ImageService {
  /** `create` answers with the image, after minutes, and not with a task to ask about. */
  readonly makesAtOnce: boolean;
  /**
   * Has one image made. An error's `charged` says whether it may have been paid for all the same. The signal never cuts a
   * create off that is under way.
   */
  create(request: ImageRequest, references: readonly Reference[], options?: CallOptions): Promise<Created>;
  /** How far a task is; an undocumented status counts as 'running'. Throws kind 'parameters' for a task it doesn't know. */
  queryImageTask(taskId: string, options?: CallOptions): Promise<TaskReport>;
  /** The image that stands in a finished task's answer, as a data URI, or else its address; null where there is neither. */
  queryImage(taskId: string, options?: CallOptions): Promise<string | null>;
  /** Lends a reference to the service; null where it takes none but along with the create. */
  readonly uploadFile: ((file: ImageFile, options?: CallOptions) => Promise<{ url: string }>) | null;
  /** Calls back after each try of any call. */
  onAttempt(listener: (attempt: Attempt) => void): void;
}

export interface CallOptions {
  /** Ends the call; a create that is under way is let finish, and only not tried again. */
  signal?: AbortSignal;
  log?: Logger;
}

/** An image that goes along with a create: at an address that the service can reach, or as it is. */
export type Reference = { readonly url: string } | ImageFile;

export interface ImageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly filename: string;
  readonly mimeType: string;
}

/** What the service says that an image costs, in its coins; absent where it doesn't. */
export interface Billed {
  readonly cost?: number;
}

/** What a create answers with: a task to ask about, or the image. */
export type Created = Billed & ({ readonly kind: 'task'; readonly taskId: string } | MadeAtOnce);

/** An image that was in the answer, unchecked, or the address where it is for a while. */
export type MadeAtOnce =
  | { readonly kind: 'image'; readonly bytes: Buffer }
  | { readonly kind: 'image'; readonly url: string };

export type TaskReport = Billed & TaskStatus;

type TaskStatus =
  | { status: 'waiting' | 'running'; progress: number | null; serviceStatus: string }
  /**
   * `imageUrl` is INLINE_IMAGE where the image stands in the answer itself. `completedAt`: milliseconds since the epoch
   * by the service's clock, in whole seconds; null where it doesn't say.
   */
  | { status: 'completed'; imageUrl: string; completedAt: number | null }
  | { status: 'failed'; reason: string | null };

/** One try of a call, and what came back. */
export interface Attempt {
  readonly call: 'create' | 'query' | 'upload' | 'balance' | 'catalog';
  readonly outcome: 'ok' | ServiceErrorKind;
  /** The same call had been tried before. */
  readonly isRetry: boolean;
}
