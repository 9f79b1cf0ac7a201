/** One entry of Discord's nested `errors` tree: `{ content: { _errors: [{ code, message }] } }`. */
export interface FieldError {
  path: readonly (string | number)[];
  code: string;
  message: string;
}

/** A refusal by Discord: an HTTP status, a JSON error code and its message. */
export class DiscordError extends Error {
  override readonly name = 'DiscordError';
  readonly status: number;
  readonly code: number;
  readonly fields: readonly FieldError[];
  /** Seconds, only with a 429. */
  readonly retryAfter: number | undefined;
  /** Whether a 429 is the bot's global limit. */
  readonly global: boolean;

  constructor(
    status: number,
    code: number,
    message: string,
    details: { fields?: readonly FieldError[]; retryAfter?: number; global?: boolean } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = details.fields ?? [];
    this.retryAfter = details.retryAfter;
    this.global = details.global ?? false;
  }

  /** The body as Discord sends it. */
  toJSON(): Record<string, unknown> {
    const body: Record<string, unknown> = { message: this.message, code: this.code };
    if (this.fields.length > 0) body.errors = errorTree(this.fields);
    const { retryAfter: retry_after, global } = this;
    if (retry_after !== undefined) Object.assign(body, { retry_after, global });
    return body;
  }
}

// Codes and words: discord-api-docs, topics/opcodes-and-status-codes.
export const unauthorized = () => new DiscordError(401, 0, '401: Unauthorized');
export const notFound = () => new DiscordError(404, 0, '404: Not Found');
export const invalidJson = () => new DiscordError(400, 50109, 'The request body contains invalid JSON.');
export const unknownApplication = () => new DiscordError(404, 10002, 'Unknown Application');
export const unknownChannel = () => new DiscordError(404, 10003, 'Unknown Channel');
export const unknownMember = () => new DiscordError(404, 10007, 'Unknown Member');
export const unknownMessage = () => new DiscordError(404, 10008, 'Unknown Message');
export const unknownUser = () => new DiscordError(404, 10013, 'Unknown User');
export const unknownWebhook = () => new DiscordError(404, 10015, 'Unknown Webhook');
export const unknownInteraction = () => new DiscordError(404, 10062, 'Unknown interaction');
export const unknownCommand = () => new DiscordError(404, 10063, 'Unknown application command');
export const tooManyOldEdits = (retryAfter: number) =>
  new DiscordError(
    429,
    30046,
    'Maximum number of edits to messages older than 1 hour reached. Try again later.',
    { retryAfter },
  );
export const tooLarge = () => new DiscordError(413, 40005, 'Request entity too large');
export const alreadyAcknowledged = () =>
  new DiscordError(400, 40060, 'Interaction has already been acknowledged.');
export const tooManyFollowUps = () =>
  new DiscordError(400, 40094, 'This interaction has hit the maximum number of follow up messages');
export const missingAccess = () => new DiscordError(403, 50001, 'Missing Access');
export const notTheAuthor = () =>
  new DiscordError(403, 50005, 'Cannot edit a message authored by another user');
export const emptyMessage = () => new DiscordError(400, 50006, 'Cannot send an empty message');
export const cannotDirectMessage = () => new DiscordError(403, 50007, 'Cannot send messages to this user');
export const nonTextChannel = () =>
  new DiscordError(400, 50008, 'Cannot send messages in a non-text channel');
export const missingPermissions = () => new DiscordError(403, 50013, 'Missing Permissions');
export const invalidWebhookToken = () => new DiscordError(401, 50027, 'Invalid Webhook Token');
export const invalidFormBody = (fields: readonly FieldError[]) =>
  new DiscordError(400, 50035, 'Invalid Form Body', { fields });

interface ErrorTree {
  [key: string]: ErrorTree | { code: string; message: string }[];
}

function errorTree(fields: readonly FieldError[]): ErrorTree {
  const root: ErrorTree = {};
  for (const { path, code, message } of fields) {
    let node = root;
    for (const key of path) {
      const next = node[key];
      const child: ErrorTree = next === undefined || Array.isArray(next) ? {} : next;
      node[key] = child;
      node = child;
    }
    const known = node._errors;
    node._errors = [...(Array.isArray(known) ? known : []), { code, message }];
  }
  return root;
}
