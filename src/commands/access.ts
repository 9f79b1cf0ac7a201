import { type Interaction, MessageFlags, PermissionFlagsBits, type RepliableInteraction } from 'discord.js';
import type { Draft } from '../services/ledger/drafts.ts';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { CommandContext } from './command.ts';
import { givenBack } from './given-back.ts';

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

/**
 * The same for what would send the references along again: those are their owner's, and others go on from the result.
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

/** The draft that a button or a modal is about, for the person whose it is; null comes back where there is none any more. */
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

/** Whether this person, where they are, may do something with a generation. */
export function isAllowed(
  interaction: Interaction,
  { generation }: StoredGeneration,
  access: Access,
): boolean {
  if (interaction.user.id === generation.userId) return true;
  if (access === 'owner' || generation.private) return false;
  // Nobody has a say about what happened in another place, whatever id a button carries.
  if (interaction.channelId === null || interaction.channelId !== generation.channelId) return false;
  if (access === 'viewers') return true;
  return interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages) ?? false;
}

/** The server whose rules this person may change, at this moment; otherwise they are told why not, and null comes back. */
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

/** Answers so that only this person sees it. What they have typed is given back: nothing comes of it. */
export async function tell(interaction: RepliableInteraction, content: string): Promise<void> {
  const embeds = givenBack(interaction);
  await interaction.reply({ content, embeds, flags: MessageFlags.Ephemeral });
}
