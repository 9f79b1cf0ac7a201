import { DiscordAPIError, DiscordjsError, DiscordjsErrorCodes, type REST, type RouteLike } from 'discord.js';
import type { z } from 'zod';
import { NotDiscordsAnswer } from './requests.ts';
import { TokenRefused } from './token.ts';

/** What answers at DISCORD_API_URL is not Discord: a captive portal, a proxy's page. */
export class NotDiscord extends Error {
  override readonly name = 'NotDiscord';

  constructor(cause?: unknown) {
    super('what answers at DISCORD_API_URL is not Discord. Check it, and the connection of this machine.', {
      cause,
    });
  }
}

/**
 * Asks Discord for what the start needs, where discord.js would take any answer for the right one. Throws
 * {@link TokenRefused}, {@link NotDiscord}, or what tells that Discord is out of reach.
 */
export async function askAtStart<T>(
  rest: REST,
  { route, token, schema }: { route: RouteLike; token: string; schema: z.ZodType<T> },
): Promise<T> {
  try {
    const answer = schema.safeParse(await rest.get(route));
    if (answer.success) return answer.data;
  } catch (error) {
    throw asStartProblem(error, token);
  }
  throw new NotDiscord();
}

/** {@link TokenRefused} or {@link NotDiscord} where an error means that, also in the words of discord.js, otherwise the error. */
export function asStartProblem(error: unknown, token: string): unknown {
  const isRefused = error instanceof DiscordAPIError && error.status === 401;
  if (isRefused || (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid))
    return new TokenRefused(token);
  return isNoAnswerOfDiscord(error) ? new NotDiscord(error) : error;
}

/** A page of HTML, also one that says it is JSON, or what speaks no HTTP at all. */
function isNoAnswerOfDiscord(error: unknown): boolean {
  if (error instanceof NotDiscordsAnswer || error instanceof SyntaxError) return true;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'HTTPParserError') return true;
  }
  // For a body that can't be decoded, or where discord.js reads what is not there. With a cause there was no connection.
  return error instanceof TypeError && error.cause === undefined;
}
