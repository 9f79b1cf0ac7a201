import { MessageFlags } from 'discord.js';
import { canReopen } from '../../services/ledger/steps.ts';
import { type Button, generationFor, tell } from '../button.ts';
import { replyAddress } from '../reply-address.ts';
import { en } from '../text/en.ts';

/** Asks once more about what was given up, in the same message. */
export const check: Button = {
  action: 'check',
  async run(interaction, subject, context) {
    const stored = await generationFor(interaction, subject, context, { managers: true });
    if (!stored) return;
    if (!stored.tasks.some(canReopen)) return tell(interaction, en.nothingToCheck);
    await interaction.deferUpdate();
    const { id, channelId } = interaction.message;
    const address = replyAddress(interaction, stored.generation.private);
    const reopened = await context.runner.reopen(stored.generation.id, address, { id, channelId });
    if (!reopened) await interaction.followUp({ content: en.beingChecked, flags: MessageFlags.Ephemeral });
  },
};
