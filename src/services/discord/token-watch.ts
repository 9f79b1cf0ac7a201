import { setTimeout as delay } from 'node:timers/promises';
import { DiscordAPIError, type REST, RESTEvents, Routes } from 'discord.js';
import type { Logger } from '../log.ts';

export interface TokenWatch {
  /** Discord refused the bot's token, and the bot is still finding out whether that was a mistake. */
  readonly isDoubted: boolean;
  /** Call this once Discord has accepted the token. */
  begin(): void;
  stop(): void;
}

/** The pauses before the bot asks Discord again whether it accepts the token, in milliseconds. */
const PAUSES_MS = [1000, 5000, 15_000, 30_000] as const;

/**
 * Notices when Discord no longer accepts the bot's token, because it was reset or its application is gone. A single 401
 * may come from an edge, so the bot asks again for most of a minute, and calls `refused` only if Discord refuses each
 * time.
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

  /** Whether Discord accepts the token; null when its answer doesn't tell. */
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
        log.info('Discord accepts the token of the bot again');
        return;
      }
      if (isTaken === false) refusals += 1;
    }
    log.fatal(
      'Discord no longer accepts DISCORD_TOKEN; copy it again from https://discord.com/developers/applications. Stopping.',
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
          if (!stopping.signal.aborted)
            log.warn({ err }, 'the bot could not find out whether Discord accepts its token');
        });
      });
    },
    stop: () => stopping.abort(),
  };
}
