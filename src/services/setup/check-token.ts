import { DiscordAPIError, HTTPError, RateLimitError, REST, Routes } from 'discord.js';
import { discordAgent } from '../proxy/discord-agent.ts';
import { ProxyError } from '../proxy/proxy-error.ts';
import type { Tunnels } from '../proxy/tunnels.ts';
import { type Application, ApplicationSchema } from './application.ts';
import type { Checked } from './checked.ts';

/** Short, because somebody waits in front of the screen. */
const TIMEOUT_MS = 15_000;

/** Asks Discord whose application the token is. */
export async function checkToken(
  token: string,
  { apiUrl, tunnels }: { apiUrl: string; tunnels: Tunnels | null },
): Promise<Checked<Application>> {
  const rest = new REST({
    api: apiUrl,
    version: '10',
    timeout: TIMEOUT_MS,
    retries: 1,
    rejectOnRateLimit: () => true,
    ...(tunnels && { agent: discordAgent(tunnels) }),
  }).setToken(token);
  try {
    const found = ApplicationSchema.safeParse(await rest.get(Routes.currentApplication()));
    if (found.success) return { outcome: 'accepted', found: found.data };
    return unclear('What answers is not Discord. Check DISCORD_API_URL.');
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): Checked<never> {
  if (error instanceof RateLimitError) {
    return unclear(`Discord wants to be asked again in ${Math.ceil(error.retryAfter / 1000)} s.`);
  }
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    if (error.status !== 401) return unclear(`Discord answers with HTTP ${error.status}. Try again later.`);
    return {
      outcome: 'refused',
      why: 'Discord does not accept this token. Under Bot, press Reset Token and copy what appears; the client secret and the public key are something else.',
    };
  }
  const proxy = ProxyError.in(error);
  if (proxy) return unclear(`Discord was not asked: ${proxy.message}. ${proxy.wayOut}`);
  return unclear(`Discord cannot be reached (${reasonOf(error)}). Check the connection and DISCORD_API_URL.`);
}

function unclear(why: string): Checked<never> {
  return { outcome: 'unclear', why };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = (error.cause ?? error) as { code?: unknown };
  if (error.name === 'AbortError') return `no answer in ${TIMEOUT_MS / 1000} s`;
  return typeof code === 'string' ? code : error.message;
}
