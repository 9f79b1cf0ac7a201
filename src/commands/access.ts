import { type Interaction, MessageFlags, PermissionFlagsBits, type RepliableInteraction } from 'discord.js';
import type { Draft } from '../services/ledger/drafts.ts';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { CommandContext } from './command.ts';
import { givenBack } from './given-back.ts';

/** Who may act on a generation: only its owner, also those who manage messages there, or all who see its reply. */
export type Access = 'owner' | 'managers' | 'viewers';

/**
 * The generation of a button or a modal, if this person may act on it. Otherwise tells them why not, and returns null.
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

/**
 * The same for actions that send the references again. Only their owner may do that; others can continue from the
 * result.
 */
export async function ownRequestFor(
  interaction: RepliableInteraction,
  id: string | null,
  context: CommandContext,
): Promise<StoredGeneration | null> {
  const stored = await generationFor(interaction, id, 'viewers', context);
  if (!stored || stored.references.length === 0) return stored;
  const { userId } = stored.generation;
  if (interaction.user.id === userId) return stored;
  await tell(interaction, context.text.notYourReferences(userId));
  return null;
}

/** The draft of a button or a modal, if it belongs to this person. Otherwise tells them why not, and returns null. */
export async function draftFor(
  interaction: RepliableInteraction,
  id: string | null,
  { ledger, text }: CommandContext,
): Promise<Draft | null> {
  const found = id === null ? null : await ledger.drafts.find(id);
  if (found?.userId === interaction.user.id) return found.draft;
  await tell(interaction, found ? text.notYours(found.userId) : text.forgotten);
  return null;
}

/** Whether this person may act on a generation from this place. */
export function isAllowed(
  interaction: Interaction,
  { generation }: StoredGeneration,
  access: Access,
): boolean {
  if (interaction.user.id === generation.userId) return true;
  if (access === 'owner' || generation.private) return false;
  // Only the owner may act from another place, whatever id a button carries.
  if (interaction.channelId === null || interaction.channelId !== generation.channelId) return false;
  if (access === 'viewers') return true;
  return interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages) ?? false;
}

/** The server whose rules this person may change at this moment. Otherwise tells them why not, and returns null. */
export async function managedServer(
  interaction: RepliableInteraction,
  { text, log }: CommandContext,
): Promise<string | null> {
  const { guildId, memberPermissions } = interaction;
  if (guildId !== null && memberPermissions?.has(PermissionFlagsBits.ManageGuild)) return guildId;
  log.info('this person may not change the rules here');
  await tell(interaction, text.notYoursToRule);
  return null;
}

/** Answers privately. Returns a typed prompt to the person, since nothing is made of it. */
export async function tell(interaction: RepliableInteraction, content: string): Promise<void> {
  const embeds = givenBack(interaction);
  await interaction.reply({ content, embeds, flags: MessageFlags.Ephemeral });
}
