import { MessageFlags } from 'discord.js';
import { canReopen } from '../../services/ledger/transitions.ts';
import { generationFor, tell } from '../access.ts';
import type { Button } from '../handlers.ts';
import { isOpenHere, replyAddress } from '../place.ts';

/**
 * Sends an undelivered image to the place where the person is now; publicly only if the request was public in that
 * place.
 */
export const send: Button = {
  action: 'send',
  async run(interaction, { subject }, context) {
    const stored = await generationFor(interaction, subject, 'owner', context);
    if (!stored) return;
    const isPrivate = !isOpenHere(interaction, stored.generation);
    if (stored.generation.settledAt === null) return tell(interaction, context.text.beingChecked);
    if (!stored.tasks.some(canReopen)) return tell(interaction, context.text.nothingToCheck);
    await interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {});
    const reopened = await context.worker.reopen(
      stored.generation.id,
      replyAddress(interaction, isPrivate),
      null,
    );
    if (!reopened) await interaction.editReply(context.text.beingChecked);
  },
};
