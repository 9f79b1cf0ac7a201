import { type Client, DiscordjsError, DiscordjsErrorCodes, OAuth2Scopes } from 'discord.js';
import { ConfigError } from './config.ts';
import { LedgerError } from './ledger/error.ts';
import type { Logger } from './log.ts';

/** What an operator reads when the bot can't start: a readable line per problem, a stack only where nobody foresaw it. */
export function explainStartProblem(error: unknown): string {
  if (error instanceof ConfigError) {
    return ['The bot can not start:', ...error.problems.map((problem) => `  ${problem}`)].join('\n');
  }
  if (error instanceof LedgerError) return `The bot can not start: ${error.message}`;
  if (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) {
    return 'The bot can not start: Discord does not accept DISCORD_TOKEN. Copy it again from https://discord.com/developers/applications (your app → Bot → Reset Token).';
  }
  if (!(error instanceof Error)) return `The bot can not start: ${String(error)}`;
  const code = connectionCode(error) ?? connectionCode(error.cause);
  if (code)
    return `The bot can not start: Discord can not be reached (${code}). Check the connection and DISCORD_API_URL.`;
  return `The bot can not start: ${error.stack ?? error.message}`;
}

function connectionCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
  return String(error.code);
}

/** One line that says who the bot is, where it is invited from, and what it did at its start. */
export function announceStart(
  client: Client<true>,
  log: Logger,
  { commands, registration, resumed }: { commands: number; registration: string; resumed: number },
): void {
  const invite = client.generateInvite({
    scopes: [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands],
    permissions: ['ViewChannel', 'SendMessages', 'SendMessagesInThreads', 'EmbedLinks', 'AttachFiles'],
  });
  log.info(
    { bot: client.user.id, invite, servers: client.guilds.cache.size, commands, resumed },
    `${client.user.tag} is ready with ${commands} command${commands === 1 ? '' : 's'} (${registration}); invite it: ${invite}`,
  );
}
