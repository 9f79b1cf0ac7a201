import { createRequire } from 'node:module';
import type { RESTOptions } from 'discord.js';
import type { ProxyFor } from './proxies.ts';
import { byProxy } from './tunnel.ts';

const CONNECT_WITHIN_MS = 10_000;

/** What discord.js's REST sends its requests by. It takes an agent of its own release of undici alone. */
export function discordAgent(proxyFor: ProxyFor): RESTOptions['agent'] {
  const required = createRequire(createRequire(import.meta.url).resolve('discord.js'));
  const { Agent, buildConnector } = createRequire(required.resolve('@discordjs/rest'))(
    'undici',
  ) as typeof import('undici');
  const connect = buildConnector({ timeout: CONNECT_WITHIN_MS });
  return new Agent({
    connect: byProxy(connect, { proxyFor, timeoutMs: CONNECT_WITHIN_MS }),
  }) as unknown as RESTOptions['agent'];
}
