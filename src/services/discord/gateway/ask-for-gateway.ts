import { type APIRequest, type REST, RESTEvents, type ResponseLike, Routes } from 'discord.js';
import { z } from 'zod';
import type { Logger } from '../../log.ts';
import { askAtStart } from '../ask-at-start.ts';

/**
 * Asks Discord for its gateway before discord.js does: discord.js trusts any answer, and logs nothing while it waits.
 * Throws what {@link askAtStart} throws.
 */
export async function askForGateway(rest: REST, token: string, log: Logger): Promise<void> {
  const slow = setInterval(() => log.warn('Discord does not answer; the bot goes on trying'), SILENT_MS);
  const sayWait = ({ route }: APIRequest, { status, headers }: ResponseLike) => {
    if (route !== Routes.gatewayBot() || status !== 429) return;
    clearInterval(slow);
    const seconds = Number(headers.get('retry-after')) || 0;
    log.warn(
      { seconds },
      `Discord asks to wait ${wait(seconds)} before the bot may connect (HTTP 429); it waits, then connects by itself`,
    );
  };
  rest.on(RESTEvents.Response, sayWait);
  try {
    rest.setToken(token);
    await askAtStart(rest, { route: Routes.gatewayBot(), token, schema: gatewayAnswer });
  } finally {
    clearInterval(slow);
    rest.off(RESTEvents.Response, sayWait);
  }
}

const SILENT_MS = 15_000;

/** Without these fields, discord.js fails with an obscure error or never connects. */
const gatewayAnswer = z.object({
  url: z
    .string()
    .regex(/^wss?:\/\//)
    .refine((url) => URL.canParse(url)),
  shards: z.int().positive(),
  session_start_limit: z.object({}),
});

function wait(seconds: number): string {
  if (seconds === 0) return 'a while';
  return seconds < 120 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
