import type { ButtonInteraction } from 'discord.js';
import type { Draft } from '../../services/ledger/drafts.ts';
import { tell } from '../access.ts';
import type { CommandContext } from '../command.ts';
import type { Button } from '../handlers.ts';
import { serveConfirmed } from '../request-images.ts';

/** Makes what the person was asked about, in the message that asked. */
export const confirm: Button = {
  action: 'confirm',
  async run(interaction, { subject }, context) {
    const draft = await ownDraft(interaction, subject, context);
    if (draft && subject) await serveConfirmed(interaction, subject, draft, context);
  },
};

/** Takes the question away, and what it was about: whatever is pressed after that makes nothing. */
export const dismiss: Button = {
  action: 'dismiss',
  async run(interaction, { subject }, context) {
    if (!(await ownDraft(interaction, subject, context)) || subject === null) return;
    await context.ledger.drafts.forget(subject);
    await interaction.deferUpdate();
    await interaction.deleteReply();
  },
};

/** The draft that the question is about, for the person who was asked. */
async function ownDraft(
  interaction: ButtonInteraction,
  id: string | null,
  { ledger, text }: CommandContext,
): Promise<Draft | null> {
  const found = id === null ? null : await ledger.drafts.find(id);
  if (found?.userId === interaction.user.id) return found.draft;
  const begun = await ledger.generations.findByMessage(interaction.message.id);
  if (found) await tell(interaction, text.notYours(found.userId));
  // Pressed twice, the message is on its way to its images already.
  else if (begun && begun.generation.settledAt === null) await interaction.deferUpdate();
  else await tell(interaction, text.forgotten);
  return null;
}
