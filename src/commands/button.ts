import { type ButtonInteraction, MessageFlags, PermissionFlagsBits } from 'discord.js';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { CommandContext } from './command.ts';
import type { ButtonAction } from './custom-id.ts';
import { en } from './text/en.ts';

/** What happens when a person presses a button of this kind, on a message however old. */
export interface Button {
  readonly action: ButtonAction;
  run(interaction: ButtonInteraction, subject: string | null, context: CommandContext): Promise<void>;
}

/**
 * The generation that a button is about, where this person may act on it: the one who asked and, with `managers`, who
 * manages messages there. Otherwise they are told why not, and null comes back.
 */
export async function generationFor(
  interaction: ButtonInteraction,
  id: string | null,
  { ledger, log }: CommandContext,
  { managers }: { managers: boolean },
): Promise<StoredGeneration | null> {
  const stored = id === null ? null : await ledger.generations.find(id);
  if (!stored) {
    await tell(interaction, en.forgotten);
    return null;
  }
  const { userId } = stored.generation;
  if (interaction.user.id === userId || (managers && mayManage(interaction, stored))) return stored;
  log.info({ generation: id }, 'somebody else pressed the button');
  await tell(interaction, managers ? en.notYoursToManage(userId) : en.notYours(userId));
  return null;
}

/** Answers so that only the person who pressed sees it. */
export async function tell(interaction: ButtonInteraction, content: string): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral });
}

/** A manager of one server manages nothing of another, whatever id a button carries. */
function mayManage(interaction: ButtonInteraction, { generation }: StoredGeneration): boolean {
  if (generation.private || interaction.guildId === null || interaction.guildId !== generation.guildId)
    return false;
  return interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages) ?? false;
}
