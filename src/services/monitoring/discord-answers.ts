import { type REST, SnowflakeUtil } from 'discord.js';
import type { Metrics } from './metrics.ts';

/** discord.js's own name for the route of every first answer to an interaction. */
const FIRST_ANSWER = '/interactions/:id/:token/callback';

/** Has every answer of Discord's counted, and the time that interactions waited for their first answer. */
export function observeDiscord(rest: REST, metrics: Pick<Metrics, 'discordAnswered' | 'acknowledged'>): void {
  rest.on('response', ({ path, route, retries }, { status, ok }) => {
    metrics.discordAnswered({ status, retries });
    if (route !== FIRST_ANSWER || !ok) return;
    const [, , id = ''] = path.split('/');
    // Discord's 3 s count from the moment in the id; where the two clocks differ, so does this.
    metrics.acknowledged(Math.max(0, Date.now() - SnowflakeUtil.timestampFrom(id)));
  });
}
