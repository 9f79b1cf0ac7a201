import { generationFor, tell } from '../access.ts';
import type { Button } from '../handlers.ts';

/** Takes the reply away. The request stays in its owner's history, which /privacy deletes. */
export const deleteReply: Button = {
  action: 'delete',
  async run(interaction, { subject }, context) {
    const stored = await generationFor(interaction, subject, 'managers', context);
    if (!stored) return;
    // An image that is on its way would come back in a message of its own.
    if (stored.generation.settledAt === null) return tell(interaction, context.text.beingChecked);
    await interaction.deferUpdate();
    await interaction.deleteReply();
    await context.ledger.generations.forgetMessage(stored.generation.id, interaction.message.id);
    context.log.info({ generation: stored.generation.id }, 'the reply was deleted by a button');
  },
};
