import { type Client, DiscordAPIError, HTTPError } from 'discord.js';
import { ConfigError, explainConfigError } from '../config-error.ts';
import { NotDiscord } from '../discord/ask-at-start.ts';
import { GatewayRefusal } from '../discord/client.ts';
import { invitationOf } from '../discord/invitation.ts';
import { TokenRefused } from '../discord/token.ts';
import { DatabaseError, LedgerError } from '../ledger/error.ts';
import type { Logger } from '../log.ts';
import { MonitoringError } from '../monitoring/server.ts';
import { ProxyError } from '../proxy/proxy-error.ts';
import { TRUST_IT, UNTRUSTED } from '../proxy/untrusted-certificate.ts';

/** Explains to the operator why the bot can't start: one line per problem, with a stack only for an unforeseen error. */
export function explainStartProblem(error: unknown): string {
  if (error instanceof ConfigError) return explainConfigError(error);
  if (EXPECTED.some((expected) => error instanceof expected))
    return `The bot cannot start: ${(error as Error).message}`;
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    const words = error.message === `HTTP ${error.status}` ? NOT_ITS_OWN : error.message;
    return `The bot cannot start: Discord answered with HTTP ${error.status} (${words}). Try again later, or check DISCORD_API_URL.`;
  }
  if (!(error instanceof Error)) return `The bot cannot start: ${String(error)}`;
  const proxy = ProxyError.in(error);
  if (proxy) return `The bot cannot start: ${proxy.message}. ${proxy.wayOut}`;
  if (isOutOfStarts(error)) {
    return `The bot cannot start: it was started too often today, says Discord (${error.message}). Find out in the log why it kept ending, and start it again after that time.`;
  }
  const reason = connectionProblem(error);
  if (reason) {
    const wayOut = UNTRUSTED.test(reason) ? TRUST_IT : 'Check the connection and DISCORD_API_URL.';
    return `The bot cannot start: Discord cannot be reached (${reason}). ${wayOut}`;
  }
  return `The bot cannot start: ${error.stack ?? error.message}`;
}

/** Errors whose messages name the problem and the way out. */
const EXPECTED = [LedgerError, DatabaseError, GatewayRefusal, MonitoringError, TokenRefused, NotDiscord];

/** The bot's own message for an answer without one of Discord's. */
const NOT_ITS_OWN = 'a page of something in between, which may keep this machine from Discord';

/** @discordjs/ws throws a plain Error when Discord allows no more session starts today. */
function isOutOfStarts(error: Error): boolean {
  return error.message.startsWith('Not enough sessions remaining');
}

/** The code of a socket, DNS, TLS or timeout error, also if it is wrapped or one of several attempts; null for others. */
function connectionProblem(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if ('syscall' in error || CONNECTION_CODES.test(code)) return code;
  if (error instanceof AggregateError) return connectionProblem(error.errors[0]);
  return connectionProblem(error.cause);
}

const CONNECTION_CODES = /^(?:UND_ERR|HPE_|ERR_TLS|ERR_SSL|E[A-Z]+$|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/;

/** Logs one line that says who the bot is, how to install it, and what it did at its start. */
export function announceStart(
  client: Client<true>,
  log: Logger,
  { commands, registration, resumed }: { commands: number; registration: string; resumed: number },
): void {
  const { invite, install } = invitationOf(client.application.id);
  const [shards, servers] = [client.ws.shards.size, client.guilds.cache.size];
  log.info(
    { bot: client.user.id, invite, install, shards, servers, commands, resumed },
    `${client.user.tag} is ready with ${commands} command${commands === 1 ? '' : 's'} (${registration}); invite it: ${invite} or bring it along yourself: ${install}`,
  );
}
