import { DiscordAPIError, DiscordjsError, DiscordjsErrorCodes, type REST, type RouteLike } from 'discord.js';
import type { z } from 'zod';
import { NotDiscordsAnswer } from './requests.ts';
import { TokenRefused } from './token.ts';

/** Something other than Discord answers at DISCORD_API_URL, such as a captive portal or a proxy's error page. */
export class NotDiscord extends Error {
  override readonly name = 'NotDiscord';

  constructor(cause?: unknown) {
    super(
      'the server at DISCORD_API_URL is not Discord. Check the address, and the connection of this machine.',
      {
        cause,
      },
    );
  }
}

/**
 * Asks Discord for data that the start needs, and checks the answer, as discord.js doesn't. Throws
 * {@link TokenRefused}, {@link NotDiscord}, or the error of a connection that failed.
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

/**
 * Turns an error of Discord's REST or of discord.js into {@link TokenRefused} or {@link NotDiscord} if it means that.
 * Returns any other error as it is.
 */
export function asStartProblem(error: unknown, token: string): unknown {
  const isRefused = error instanceof DiscordAPIError && error.status === 401;
  if (isRefused || (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid))
    return new TokenRefused(token);
  return isNoAnswerOfDiscord(error) ? new NotDiscord(error) : error;
}

/** Whether the answer was a page of HTML (even one that claims to be JSON), or no HTTP at all. */
function isNoAnswerOfDiscord(error: unknown): boolean {
  if (error instanceof NotDiscordsAnswer || error instanceof SyntaxError) return true;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'HTTPParserError') return true;
  }
  // A TypeError without a cause comes from a body that can't be decoded, or that lacks a field; with one, from the
  // network.
  return error instanceof TypeError && error.cause === undefined;
}
