import { type Interaction, MessageFlags, PermissionFlagsBits, type RepliableInteraction } from 'discord.js';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { CommandContext } from './command.ts';

/**
 * Who may do something with a generation: the one who asked for it; they and those who manage messages there; or
 * everyone who can see its reply.
 */
export type Access = 'owner' | 'managers' | 'viewers';

/**
 * The generation that a button or a modal is about, where this person may act on it. Otherwise they are told why not,
 * and null comes back.
 */
export async function generationFor(
  interaction: RepliableInteraction,
  id: string | null,
  access: Access,
  { ledger, text, log }: CommandContext,
): Promise<StoredGeneration | null> {
  const stored = id === null ? null : await ledger.generations.find(id);
  if (!stored) {
    await tell(interaction, text.forgotten);
    return null;
  }
  if (isAllowed(interaction, stored, access)) return stored;
  log.info({ generation: id }, 'somebody else asked for it');
  const { userId } = stored.generation;
  const refusals = {
    owner: text.notYours(userId),
    managers: text.notYoursToManage(userId),
    viewers: text.notYoursToSee,
  };
  await tell(interaction, refusals[access]);
  return null;
}

/** Whether this person, where they are, may do something with a generation. */
export function isAllowed(
  interaction: Interaction,
  { generation }: StoredGeneration,
  access: Access,
): boolean {
  if (interaction.user.id === generation.userId) return true;
  if (access === 'owner' || generation.private) return false;
  // Nobody has a say about what happened in another server, whatever id a button carries.
  if (interaction.guildId !== generation.guildId) return false;
  if (access === 'viewers') {
    return generation.guildId !== null || interaction.channelId === generation.channelId;
  }
  return interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages) ?? false;
}

/** Answers so that only this person sees it. */
export async function tell(interaction: RepliableInteraction, content: string): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral });
}
