import { setTimeout as delay } from 'node:timers/promises';
import { DiscordAPIError, type REST, RESTEvents, Routes } from 'discord.js';
import type { Logger } from '../log.ts';

export interface TokenWatch {
  /** Discord's latest answer by the bot's token refused it. */
  readonly isDoubted: boolean;
  /** To be called once the token has been accepted. */
  begin(): void;
  stop(): void;
}

/** Before Discord is asked once more whether it takes the token, in milliseconds. */
const PAUSES_MS = [1000, 5000, 15_000, 30_000] as const;

/**
 * Notices when Discord no longer takes the bot's token, which was reset or belongs to an application that is gone. A
 * single 401 may be an edge's: Discord is asked again for most of a minute, and `refused` called only where each answer is
 * the same.
 */
export function watchToken(options: {
  rest: REST;
  log: Pick<Logger, 'warn' | 'info' | 'fatal'>;
  refused: () => void;
  pausesMs?: readonly number[];
}): TokenWatch {
  const { rest, log, refused, pausesMs = PAUSES_MS } = options;
  const stopping = new AbortController();
  let isDoubted = false;

  /** Whether Discord takes the token; null where it doesn't say. */
  async function ask(): Promise<boolean | null> {
    try {
      await rest.get(Routes.user(), { signal: stopping.signal });
      return true;
    } catch (error) {
      return error instanceof DiscordAPIError && error.status === 401 ? false : null;
    }
  }

  async function findOut(): Promise<void> {
    log.warn('Discord refused the token of the bot (HTTP 401); the bot asks again');
    for (let refusals = 0; refusals < pausesMs.length; ) {
      await delay(pausesMs[refusals], null, { signal: stopping.signal });
      const isTaken = await ask();
      if (isTaken) {
        isDoubted = false;
        log.info('Discord takes the token of the bot again');
        return;
      }
      if (isTaken === false) refusals += 1;
    }
    log.fatal(
      'Discord no longer takes DISCORD_TOKEN; copy it again from https://discord.com/developers/applications. Stopping.',
    );
    refused();
  }

  return {
    get isDoubted() {
      return isDoubted;
    },
    begin() {
      rest.on(RESTEvents.Response, ({ data }, { status }) => {
        if (!data.auth || status !== 401 || isDoubted) return;
        isDoubted = true;
        findOut().catch((err: unknown) => {
          if (!stopping.signal.aborted) log.warn({ err }, 'whether Discord takes the token is not known');
        });
      });
    },
    stop: () => stopping.abort(),
  };
}
