import { MessageFlags } from 'discord.js';
import { canReopen } from '../../services/ledger/steps.ts';
import { generationFor, tell } from '../access.ts';
import type { Button } from '../handlers.ts';
import { replyAddress } from '../place.ts';

/** Asks once more about what was given up, in the same message. */
export const check: Button = {
  action: 'check',
  async run(interaction, { subject }, context) {
    const stored = await generationFor(interaction, subject, 'managers', context);
    if (!stored) return;
    if (stored.generation.settledAt === null) return tell(interaction, context.text.beingChecked);
    if (!stored.tasks.some(canReopen)) return tell(interaction, context.text.nothingToCheck);
    await interaction.deferUpdate();
    const { id, channelId } = interaction.message;
    const address = replyAddress(interaction, stored.generation.private);
    const reopened = await context.runner.reopen(stored.generation.id, address, { id, channelId });
    if (!reopened)
      await interaction.followUp({ content: context.text.beingChecked, flags: MessageFlags.Ephemeral });
  },
};
