import { DiscordAPIError, DiscordjsError, HTTPError, RateLimitError, RESTJSONErrorCodes } from 'discord.js';

/** Discord's answers when a way to reach a message, channel or person is closed for good. */
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
  RESTJSONErrorCodes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached,
]);

const TOO_LARGE: ReadonlySet<number | string> = new Set([
  RESTJSONErrorCodes.RequestEntityTooLarge,
  RESTJSONErrorCodes.FileUploadedExceedsMaximumSize,
]);

/** Discord's answers that hold only for a while. */
const PASSING: ReadonlySet<number | string> = new Set([
  RESTJSONErrorCodes.OpeningDirectMessagesTooFast,
  // An edge in front of Discord blocks the request.
  RESTJSONErrorCodes.CloudflareIsBlockingYourRequest,
  RESTJSONErrorCodes.APIResourceOverloaded,
  // Valid tokens also get this for some seconds: see isWebhookMissing.
  RESTJSONErrorCodes.UnknownWebhook,
]);

/** Whether this way is closed for good, so that the next one is due. */
export function isGone(error: unknown): boolean {
  return error instanceof DiscordAPIError && GONE.has(error.code);
}

/** Whether Discord refuses this very message, for a reason that another try won't change. */
export function isRefused(error: unknown): boolean {
  return error instanceof DiscordAPIError && !isPassing(error) && !isGone(error) && !isTooLarge(error);
}

/** Whether an interaction's token is dead, and not just its message gone. */
export function isTokenDead(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.InvalidWebhookToken;
}

/** Whether Discord has no webhook for an interaction's token: it was never answered, or Discord isn't in sync. */
export function isWebhookMissing(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownWebhook;
}

/** Whether an earlier try of the same answer got through: discord.js repeats it when the outcome is unknown. */
export function isAcknowledgedAlready(error: unknown): boolean {
  return (
    error instanceof DiscordAPIError &&
    error.code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged
  );
}

/** Whether Discord found a file larger than it accepts in this place. */
export function isTooLarge(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError)) return false;
  return TOO_LARGE.has(error.code) || error.status === 413;
}

/**
 * Whether the same request may work in a while: Discord is down, can't be reached, or asks the bot to wait. False for a
 * refusal with one of Discord's codes, and for a mistake of the bot.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof DiscordAPIError)
    return error.status >= 500 || error.status === 429 || !Number(error.code) || PASSING.has(error.code);
  return error instanceof Error && !(error instanceof DiscordjsError) && !(error instanceof TypeError);
}

/** Whether Discord itself failed at the request. */
export function isServerError(error: unknown): boolean {
  return (error instanceof DiscordAPIError || error instanceof HTTPError) && error.status >= 500;
}

/** How long Discord accepts no request of this kind, in milliseconds; null when it didn't say. */
export function closedForMs(error: unknown): number | null {
  return error instanceof RateLimitError ? Math.max(error.retryAfter, error.timeToReset) : null;
}
