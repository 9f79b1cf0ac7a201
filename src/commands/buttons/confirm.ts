import type { ButtonInteraction } from 'discord.js';
import { draftFor } from '../access.ts';
import type { CommandContext } from '../command.ts';
import { deleteMessage } from '../delete-message.ts';
import type { Button } from '../handlers.ts';
import { fromQuestion } from '../kept.ts';
import { requestImages } from '../request-images.ts';

/** Makes the images after the person has confirmed them, in the message that asked. */
export const confirm: Button = {
  action: 'confirm',
  async run(interaction, { subject }, context) {
    if (await isBegun(interaction, context)) return;
    const draft = await draftFor(interaction, subject, context);
    if (draft && subject)
      await requestImages(interaction, draft, context, fromQuestion(interaction, subject));
  },
};

/** Deletes the question and its draft, so that later presses make nothing. */
export const dismiss: Button = {
  action: 'dismiss',
  async run(interaction, { subject }, context) {
    if (await isBegun(interaction, context)) return;
    if (!(await draftFor(interaction, subject, context)) || subject === null) return;
    const files = await context.ledger.storedData.forgetDraft(subject);
    await interaction.deferUpdate();
    // The person confirmed just before, so the message already becomes the reply.
    if (files === null) return;
    await deleteMessage(interaction);
    await context.files.removeAll(files);
  },
};

/** Whether an earlier press has begun the generation, so that the message already becomes its reply. */
async function isBegun(interaction: ButtonInteraction, { ledger }: CommandContext): Promise<boolean> {
  const begun = await ledger.generations.findByMessage(interaction.message.id);
  if (begun?.generation.settledAt !== null) return false;
  await interaction.deferUpdate();
  return true;
}
