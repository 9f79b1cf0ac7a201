import { setTimeout as delay } from 'node:timers/promises';
import type { Discord, RestFault } from '../../sandbox/discord/index.ts';
import { pick, type Random } from '../../sandbox/jimmyai/random.ts';

const EVERY_MS = 3000;

/** What public bug reports say of edits by an interaction's token, each for a moment. */
const WEATHER: readonly RestFault[] = [
  { status: 403, code: 40333, times: 3 },
  { status: 403, page: true, times: 2 },
  { status: 404, code: 10015, times: 2 },
  { status: 429, retryAfter: 1, retryAfterHeader: null },
  { status: 503, times: 5 },
];
/**
 * Closes them for a minute, in which replies are edited as the bot, at the pace of a channel: if it came more often, the
 * crowd would do nothing but wait for last words, and nothing would be measured.
 */
const CLOSED: RestFault = { status: 429, page: true };
const CLOSED_EVERY = 100;
const FIRST_CLOSED = 20;

/** Edits of replies meet Discord's weather every few seconds, until stopped. */
export function startWeather({ discord, random }: { discord: Discord; random: Random }): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  const disarm: (() => void)[] = [];

  async function change(): Promise<void> {
    for (let changes = 0; !stopping.signal.aborted; changes += 1) {
      const fault = changes % CLOSED_EVERY === FIRST_CLOSED ? CLOSED : pick(random, WEATHER);
      disarm.push(discord.faults.rest({ method: 'PATCH', route: /^\/webhooks\//, ...fault }));
      await delay(EVERY_MS, null, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const done = change();

  return {
    async stop() {
      stopping.abort();
      await done;
      for (const end of disarm) end();
    },
  };
}
