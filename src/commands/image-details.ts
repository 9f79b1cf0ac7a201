import { ApplicationCommandType, MessageFlags } from 'discord.js';
import { isAllowed, tell } from './access.ts';
import { EVERYWHERE, type MessageMenu } from './command.ts';
import { renderDetails } from './image-details.view.ts';
import { named } from './text/index.ts';

/** Tells everything about an image of the bot, to people who may see it. */
export const imageDetails: MessageMenu = {
  payload: {
    type: ApplicationCommandType.Message,
    ...named((text) => text.menu.imageDetails),
    ...EVERYWHERE,
  },

  async run(interaction, { ledger, text, tools }) {
    const stored = await ledger.generations.findByMessage(interaction.targetId);
    if (!stored || !isAllowed(interaction, stored, 'viewers')) return tell(interaction, text.notMine);
    await interaction.reply({ ...renderDetails(stored, text, tools), flags: MessageFlags.Ephemeral });
  },
};
