import type { ApplicationCommand, Client, RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import type { Command } from './command.ts';

type Payload = RESTPostAPIChatInputApplicationCommandsJSONBody;

/**
 * Makes Discord's list of commands the same as ours, everywhere or in one server. Writes only where something
 * differs. Returns whether it did.
 */
export async function registerCommands(
  client: Client<true>,
  commands: readonly Command[],
  guildId: string | null,
): Promise<boolean> {
  const manager = client.application.commands;
  const declared = commands.map(({ payload }) => (guildId ? forGuild(payload) : payload));
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
