import { MessageFlags } from 'discord.js';
import { canReopen } from '../../services/ledger/transitions.ts';
import { generationFor, tell } from '../access.ts';
import type { Button } from '../handlers.ts';
import { replyUrl } from '../message-link.ts';
import { replyAddress } from '../place.ts';

/** Asks the service again about tasks that the bot has given up, in the same message. */
export const check: Button = {
  action: 'check',
  async run(interaction, { subject }, context) {
    const stored = await generationFor(interaction, subject, 'managers', context);
    if (!stored) return;
    if (stored.generation.settledAt === null) return tell(interaction, context.text.beingChecked);
    if (!stored.tasks.some(canReopen)) return tell(interaction, context.text.nothingToCheck);
    const { id, channelId } = interaction.message;
    const elsewhere = replyUrl(stored.generation);
    // The images would replace those of another message if the reply is elsewhere.
    if (elsewhere && stored.generation.message?.id !== id)
      return tell(interaction, context.text.checkedElsewhere(elsewhere));
    await interaction.deferUpdate();
    const address = replyAddress(interaction, stored.generation.private, interaction.message);
    const reopened = await context.worker.reopen(stored.generation.id, address, { id, channelId });
    if (!reopened)
      await interaction.followUp({ content: context.text.beingChecked, flags: MessageFlags.Ephemeral });
  },
};
