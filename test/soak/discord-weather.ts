import { setTimeout as delay } from 'node:timers/promises';
import type { Discord, RestFault } from '../../sandbox/discord/index.ts';
import { pick, type Random } from '../../sandbox/jimmyai/random.ts';

const EVERY_MS = 3000;

/** Passing faults of edits by an interaction's token, from public bug reports. */
const WEATHER: readonly RestFault[] = [
  { status: 403, code: 40333, times: 3 },
  { status: 403, page: true, times: 2 },
  { status: 404, code: 10015, times: 2 },
  { status: 429, retryAfter: 1, retryAfterHeader: null },
  { status: 503, times: 5 },
];
/**
 * Blocks these edits for a minute, during which the bot edits replies with its own token, at the pace of a channel. If
 * this came more often, the crowd would only wait for final replies, and nothing would be measured.
 */
const CLOSED: RestFault = { status: 429, page: true };
const CLOSED_EVERY = 100;
const FIRST_CLOSED = 20;

/** Disturbs edits of replies every few seconds, until stopped. */
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
