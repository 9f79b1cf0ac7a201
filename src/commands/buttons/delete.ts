import type { RepliableInteraction } from 'discord.js';
import type { StoredGeneration } from '../../services/ledger/generations.ts';
import { generationFor, tell } from '../access.ts';
import type { CommandContext } from '../command.ts';
import { deleteMessage } from '../delete-message.ts';
import { DELETED, deleteModal } from '../delete-modal.ts';
import type { Button, Modal } from '../handlers.ts';
import { pickedIn } from '../select.ts';

/** Asks before the reply is deleted. */
export const deleteReply: Button = {
  action: 'delete',
  async run(interaction, { subject }, context) {
    const stored = await deletable(interaction, subject, context);
    if (!stored) return;
    const { id, userId } = stored.generation;
    await interaction.showModal(deleteModal(id, interaction.user.id === userId, context.text));
  },
};

/** Deletes the reply, and if its owner wants that, also the request with everything that is stored of it. */
export const replyDeleted: Modal = {
  action: 'delete',
  async run(interaction, { subject }, context) {
    const stored = await deletable(interaction, subject, context);
    if (!stored || !interaction.isFromMessage()) return;
    const { ledger, files, log } = context;
    const { id, userId } = stored.generation;
    await interaction.deferUpdate();
    await deleteMessage(interaction);
    await ledger.generations.forgetMessage(id, interaction.message.id);
    await files.removeAll(await ledger.generations.forgetThumbnails(id));
    log.info({ generation: id }, 'the reply was deleted by a button');
    const isEverything = pickedIn(interaction.fields, 'what', DELETED) === 'everything';
    if (!isEverything || interaction.user.id !== userId) return;
    const forgotten = await ledger.storedData.forgetOne(userId, id);
    await files.removeAll(forgotten.files);
    log.info({ generation: id, files: forgotten.files.length }, 'a person had an image deleted');
    await ledger.emptyLog();
  },
};

/** The generation to delete. While it may still change, tells the person why not, and returns null. */
async function deletable(
  interaction: RepliableInteraction,
  id: string | null,
  context: CommandContext,
): Promise<StoredGeneration | null> {
  const stored = await generationFor(interaction, id, 'managers', context);
  if (!stored || stored.generation.settledAt !== null) return stored;
  // An image under way would appear again in a new message.
  await tell(interaction, context.text.beingChecked);
  return null;
}
