import {
  type APIRequest,
  DiscordAPIError,
  type REST,
  RESTEvents,
  type ResponseLike,
  Routes,
} from 'discord.js';
import { z } from 'zod';
import type { Logger } from '../../log.ts';
import { NotDiscordsAnswer } from '../requests.ts';
import { TokenRefused } from '../token.ts';

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
 * Asks Discord for its gateway before discord.js does, which takes any answer for the right one and says nothing while
 * it waits. Throws {@link TokenRefused}, {@link NotDiscord}, or what tells that Discord is out of reach.
 */
export async function askForGateway(rest: REST, token: string, log: Logger): Promise<void> {
  const slow = setInterval(() => log.warn('Discord does not answer; the bot goes on trying'), SILENT_MS);
  const sayWait = ({ route }: APIRequest, { status, headers }: ResponseLike) => {
    if (route !== Routes.gatewayBot() || status !== 429) return;
    clearInterval(slow);
    const seconds = Number(headers.get('retry-after')) || 0;
    log.warn(
      { seconds },
      `Discord asks to wait ${wait(seconds)} before the bot may connect (HTTP 429); it waits, and goes on by itself`,
    );
  };
  rest.on(RESTEvents.Response, sayWait);
  try {
    const answer = await rest.setToken(token).get(Routes.gatewayBot());
    if (!answerOfDiscord.safeParse(answer).success) throw new NotDiscord();
  } catch (error) {
    if (error instanceof DiscordAPIError && error.status === 401) throw new TokenRefused(token);
    // A page of HTML that says it is JSON, or the other way round.
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof NotDiscordsAnswer)
      throw new NotDiscord(error);
    throw error;
  } finally {
    clearInterval(slow);
    rest.off(RESTEvents.Response, sayWait);
  }
}

const SILENT_MS = 15_000;

/** Without these, discord.js fails with an error of its own or connects nowhere. */
const answerOfDiscord = z.object({
  url: z
    .string()
    .regex(/^wss?:\/\//)
    .refine((url) => URL.canParse(url)),
  session_start_limit: z.object({}),
});

function wait(seconds: number): string {
  if (seconds === 0) return 'a while';
  return seconds < 120 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
