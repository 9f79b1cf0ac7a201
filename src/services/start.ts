import {
  ApplicationIntegrationType,
  type Client,
  DiscordAPIError,
  DiscordjsError,
  DiscordjsErrorCodes,
  HTTPError,
  OAuth2Scopes,
  PermissionsBitField,
} from 'discord.js';
import { ConfigError } from './config.ts';
import { GatewayRefusal } from './discord.ts';
import { LedgerError } from './ledger/error.ts';
import type { Logger } from './log.ts';
import { MonitoringError } from './monitoring/server.ts';

/** What an operator reads when the bot can't start: a readable line per problem, a stack only where nobody foresaw it. */
export function explainStartProblem(error: unknown): string {
  if (error instanceof ConfigError) {
    return ['The bot can not start:', ...error.problems.map((problem) => `  ${problem}`)].join('\n');
  }
  if (error instanceof LedgerError || error instanceof GatewayRefusal || error instanceof MonitoringError) {
    return `The bot can not start: ${error.message}`;
  }
  if (isTokenRefused(error)) {
    return 'The bot can not start: Discord does not accept DISCORD_TOKEN. Copy it again from https://discord.com/developers/applications (your app → Bot → Reset Token).';
  }
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    return `The bot can not start: Discord answered with HTTP ${error.status} (${error.message}). Try again later, or check DISCORD_API_URL.`;
  }
  if (!(error instanceof Error)) return `The bot can not start: ${String(error)}`;
  if (isOutOfStarts(error)) {
    return `The bot can not start: it was started too often today, says Discord (${error.message}). Find out in the log why it kept ending, and start it again after that time.`;
  }
  const code = connectionCode(error) ?? connectionCode(error.cause);
  if (code)
    return `The bot can not start: Discord can not be reached (${code}). Check the connection and DISCORD_API_URL.`;
  return `The bot can not start: ${error.stack ?? error.message}`;
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid;
}

/** @discordjs/ws throws a plain Error where Discord allows no more session starts today. */
function isOutOfStarts(error: Error): boolean {
  return error.message.startsWith('Not enough sessions remaining');
}

function connectionCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return 'syscall' in error || String(error.code).startsWith('UND_ERR') ? String(error.code) : null;
}

const INSTALL_PAGE = 'https://discord.com/oauth2/authorize';
const PERMISSIONS = [
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'EmbedLinks',
  'AttachFiles',
  // To find the images of its own replies again, and to answer them.
  'ReadMessageHistory',
] as const;

/** One line that says who the bot is, where it is installed from, and what it did at its start. */
export function announceStart(
  client: Client<true>,
  log: Logger,
  { commands, registration, resumed }: { commands: number; registration: string; resumed: number },
): void {
  const client_id = client.application.id;
  const permissions = new PermissionsBitField(PERMISSIONS).bitfield.toString();
  const invite = installPage({
    client_id,
    scope: [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(' '),
    permissions,
  });
  const install = installPage({
    client_id,
    scope: OAuth2Scopes.ApplicationsCommands,
    integration_type: String(ApplicationIntegrationType.UserInstall),
  });
  const [shards, servers] = [client.ws.shards.size, client.guilds.cache.size];
  log.info(
    { bot: client.user.id, invite, install, shards, servers, commands, resumed },
    `${client.user.tag} is ready with ${commands} command${commands === 1 ? '' : 's'} (${registration}); invite it: ${invite} or bring it along yourself: ${install}`,
  );
}

function installPage(parameters: Record<string, string>): string {
  return `${INSTALL_PAGE}?${new URLSearchParams(parameters)}`;
}
