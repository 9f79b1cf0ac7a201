import { DiscordAPIError, HTTPError, RateLimitError, RESTJSONErrorCodes } from 'discord.js';

/** What Discord answers where a way to reach a message, channel or person is closed for good. */
const GONE: ReadonlySet<number | string> = new Set([
  RESTJSONErrorCodes.InvalidWebhookToken,
  RESTJSONErrorCodes.UnknownWebhook,
  RESTJSONErrorCodes.UnknownInteraction,
  RESTJSONErrorCodes.UnknownMessage,
  RESTJSONErrorCodes.UnknownChannel,
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MissingPermissions,
  RESTJSONErrorCodes.CannotSendMessagesToThisUser,
  RESTJSONErrorCodes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached,
]);

/**
 * Whether this way is closed and the next one is due. A refusal that isn't among the known ones closes it too, since
 * repeating the same request can't mend a 4xx.
 */
export function isGone(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError) || isTooLarge(error)) return false;
  return GONE.has(error.code) || (error.status < 500 && error.status !== 429);
}

/** Whether Discord found a file larger than it takes here. */
export function isTooLarge(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError)) return false;
  return error.code === RESTJSONErrorCodes.RequestEntityTooLarge || error.status === 413;
}

/** Whether the same request may work in a while: Discord is down, out of reach, or asks for patience. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DiscordAPIError) return error.status >= 500 || error.status === 429;
  if (error instanceof HTTPError || error instanceof RateLimitError) return true;
  // discord.js aborts a request that takes too long; undici and Node name what happened to the connection.
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || isConnectionError(error) || isConnectionError(error.cause);
}

function isConnectionError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(E[A-Z]+|UND_ERR_\w+)$/.test(String(error.code));
}
