import { DiscordAPIError, DiscordjsError, RateLimitError, RESTJSONErrorCodes } from 'discord.js';

/** What Discord answers where a way to reach a message, channel or person is closed for good. */
const GONE: ReadonlySet<number | string> = new Set([
  RESTJSONErrorCodes.InvalidWebhookToken,
  RESTJSONErrorCodes.UnknownInteraction,
  RESTJSONErrorCodes.UnknownMessage,
  RESTJSONErrorCodes.UnknownChannel,
  RESTJSONErrorCodes.UnknownUser,
  RESTJSONErrorCodes.UnknownGuild,
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MissingPermissions,
  RESTJSONErrorCodes.CannotSendMessagesToThisUser,
  RESTJSONErrorCodes.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds,
  RESTJSONErrorCodes.CannotSendMessagesInNonTextChannel,
  RESTJSONErrorCodes.CannotExecuteActionOnThisChannelType,
  RESTJSONErrorCodes.InvalidActionOnArchivedThread,
  RESTJSONErrorCodes.ThreadLocked,
  RESTJSONErrorCodes.MessageWasBlockedByAutomaticModeration,
  RESTJSONErrorCodes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached,
]);

/** What Discord answers for a while and takes back. */
const PASSING: ReadonlySet<number | string> = new Set([
  RESTJSONErrorCodes.OpeningDirectMessagesTooFast,
  // An edge in front of Discord blocks the request.
  RESTJSONErrorCodes.CloudflareIsBlockingYourRequest,
  RESTJSONErrorCodes.APIResourceOverloaded,
  // Of a valid token, too, for seconds: see isWebhookMissing.
  RESTJSONErrorCodes.UnknownWebhook,
]);

/** Whether this way is closed and the next one is due. */
export function isGone(error: unknown): boolean {
  return error instanceof DiscordAPIError && GONE.has(error.code);
}

/** Whether Discord refuses this very message, for a reason that trying again won't mend. */
export function isRefused(error: unknown): boolean {
  return error instanceof DiscordAPIError && !isPassing(error) && !isGone(error) && !isTooLarge(error);
}

/** Whether an interaction's token is dead, and not just its message gone. */
export function isTokenDead(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.InvalidWebhookToken;
}

/** Whether Discord knows no webhook of an interaction's token: it was never answered, or Discord is out of step. */
export function isWebhookMissing(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownWebhook;
}

/** Whether an earlier try of the same answer got through: discord.js repeats one whose outcome it doesn't know. */
export function isAcknowledgedAlready(error: unknown): boolean {
  return (
    error instanceof DiscordAPIError &&
    error.code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged
  );
}

/** Whether Discord found a file larger than it takes here. */
export function isTooLarge(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError)) return false;
  return error.code === RESTJSONErrorCodes.RequestEntityTooLarge || error.status === 413;
}

/**
 * Whether the same request may work in a while: Discord is down, out of reach, or asks for patience. A refusal that
 * carries one of Discord's codes, and a mistake of our own, stay what they are.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof DiscordAPIError)
    return error.status >= 500 || error.status === 429 || !Number(error.code) || PASSING.has(error.code);
  return error instanceof Error && !(error instanceof DiscordjsError) && !(error instanceof TypeError);
}

/** For how long Discord takes no request of this kind, in milliseconds; null where it didn't say so. */
export function closedForMs(error: unknown): number | null {
  return error instanceof RateLimitError ? Math.max(error.retryAfter, error.timeToReset) : null;
}
