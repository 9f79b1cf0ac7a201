import { createRequire } from 'node:module';
import type { RESTOptions } from 'discord.js';
import { byProxy, type Tunnels } from './tunnels.ts';

const CONNECT_WITHIN_MS = 10_000;

/** The agent for discord.js's REST, which only accepts one of its own version of undici. */
export function discordAgent(tunnels: Tunnels): RESTOptions['agent'] {
  const required = createRequire(createRequire(import.meta.url).resolve('discord.js'));
  const { Agent, buildConnector } = createRequire(required.resolve('@discordjs/rest'))(
    'undici',
  ) as typeof import('undici');
  const connect = buildConnector({ timeout: CONNECT_WITHIN_MS });
  return new Agent({
    connect: byProxy(connect, { tunnels }),
  }) as unknown as RESTOptions['agent'];
}
