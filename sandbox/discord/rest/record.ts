/** One REST request as it was served. */
export interface RecordedRequest {
  /** By the sandbox's clock. */
  at: number;
  method: string;
  /** Below `/api/v10`, with an interaction's token replaced by `{token}`. */
  path: string;
  /** The route's template; the path itself when no route matches. */
  route: string;
  interactionToken: string | null;
  /** The HTTP status; `null` when the connection was dropped instead. */
  status: number | null;
  /** Discord's error code; `null` when none was sent. */
  code: number | null;
  /** The JSON body; for a multipart request its `payload_json`. */
  body: unknown;
  files: readonly { field: string; name: string; type: string | null; size: number }[];
}
