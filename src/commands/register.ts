import type { ApplicationCommand, Client } from 'discord.js';
import type { Logger } from '../services/log.ts';
import type { Command, MessageMenu } from './command.ts';

type Payload = Command['payload'] | MessageMenu['payload'];

/** Where they couldn't be, commands that Discord knows from before keep working. */
type Registration = 'registered' | 'registered already' | 'NOT registered';

/**
 * Makes Discord's list of commands the same as ours, everywhere or in one server. Writes only where something
 * differs. A failure is logged with the way out, and doesn't keep the bot from its work.
 */
export async function registerCommands(
  client: Client<true>,
  payloads: readonly Payload[],
  guildId: string | null,
  log: Logger,
): Promise<Registration> {
  try {
    return (await writeWhereDifferent(client, payloads, guildId)) ? 'registered' : 'registered already';
  } catch (err) {
    const hint = guildId
      ? `is the bot a member of the server DISCORD_GUILD_ID=${guildId}?`
      : 'the next start tries again';
    log.error({ err }, `the commands could not be registered: ${hint}`);
    return 'NOT registered';
  }
}

async function writeWhereDifferent(
  client: Client<true>,
  payloads: readonly Payload[],
  guildId: string | null,
): Promise<boolean> {
  const manager = client.application.commands;
  const declared = payloads.map((payload) => (guildId ? forGuild(payload) : payload));
  const existing = await manager.fetch({ ...(guildId && { guildId }), withLocalizations: true });
  const same =
    existing.size === declared.length &&
    declared.every((payload) => existing.some((command) => isSame(command, payload)));
  if (same) return false;
  if (guildId) await manager.set(declared, guildId);
  else await manager.set(declared);
  return true;
}

/** Where and by whom a command may be installed is a matter of global commands only. */
function forGuild({ integration_types: _, contexts: __, ...payload }: Payload): Payload {
  return payload;
}

/** What a payload leaves to Discord's defaults can't differ. */
function isSame(command: ApplicationCommand, payload: Payload): boolean {
  const declared = {
    ...payload,
    integration_types: payload.integration_types ?? command.integrationTypes ?? [],
    contexts: payload.contexts ?? command.contexts ?? [],
  };
  return command.equals(declared as Parameters<ApplicationCommand['equals']>[0], true);
}
