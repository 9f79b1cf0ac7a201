import { MessageFlags } from 'discord.js';
import { canReopen } from '../../services/ledger/steps.ts';
import { type Button, generationFor, tell } from '../button.ts';
import { replyAddress } from '../reply-address.ts';
import { en } from '../text/en.ts';

/** Sends an image that couldn't be delivered to where the person is now; openly only where it was asked for openly. */
export const send: Button = {
  action: 'send',
  async run(interaction, subject, context) {
    const stored = await generationFor(interaction, subject, context, { managers: false });
    if (!stored) return;
    const { id, channelId } = stored.generation;
    const isPrivate = stored.generation.private || interaction.channelId !== channelId;
    if (!stored.tasks.some(canReopen)) return tell(interaction, en.nothingToCheck);
    await interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {});
    const reopened = await context.runner.reopen(id, replyAddress(interaction, isPrivate), null);
    if (!reopened) await interaction.editReply(en.beingChecked);
  },
};
