/** One REST request as it was served. */
export interface RecordedRequest {
  /** By the sandbox's clock. */
  at: number;
  method: string;
  /** Below `/api/v10`, with an interaction's token replaced by `{token}`. */
  path: string;
  /** The route's template; the path itself where no route fits. */
  route: string;
  interactionToken: string | null;
  /** The HTTP status; `null` where the connection was dropped instead. */
  status: number | null;
  /** Discord's error code; `null` where none was sent. */
  code: number | null;
  /** The JSON body, of a multipart request its `payload_json`. */
  body: unknown;
  files: readonly { field: string; name: string; type: string | null; size: number }[];
}
