import { type REST, SnowflakeUtil } from 'discord.js';
import type { Metrics } from './metrics.ts';

/** What discord.js calls the route of every first answer to an interaction. */
const FIRST_ANSWER = '/interactions/:id/:token/callback';

/** Counts Discord's answers, and measures how long interactions waited for their first answer. */
export function observeDiscord(rest: REST, metrics: Pick<Metrics, 'discordAnswered' | 'acknowledged'>): void {
  rest.on('response', ({ path, route, retries }, { status, ok }) => {
    metrics.discordAnswered({ status, retries });
    if (route !== FIRST_ANSWER || !ok) return;
    const [, , id = ''] = path.split('/');
    // Discord's 3 s begin at the time in the id. The measurement is off by as much as the two clocks differ.
    metrics.acknowledged(Math.max(0, Date.now() - SnowflakeUtil.timestampFrom(id)));
  });
}
