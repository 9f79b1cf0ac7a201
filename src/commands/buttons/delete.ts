import { generationFor } from '../access.ts';
import type { Button } from '../handlers.ts';

/** Takes the reply away. The request stays in its owner's history, which /privacy deletes. */
export const deleteReply: Button = {
  action: 'delete',
  async run(interaction, { subject }, context) {
    const stored = await generationFor(interaction, subject, 'managers', context);
    if (!stored) return;
    await interaction.deferUpdate();
    await interaction.deleteReply();
    await context.ledger.generations.forgetMessage(stored.generation.id, interaction.message.id);
    context.log.info({ generation: stored.generation.id }, 'the reply was deleted by a button');
  },
};
