import { ApplicationCommandType, MessageFlags } from 'discord.js';
import { defineCommand, EVERYWHERE } from './command.ts';
import { renderPrivacy } from './privacy.view.ts';
import { described } from './text/index.ts';

export const privacy = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'privacy',
    ...described((text) => text.command.privacy),
    ...EVERYWHERE,
  },

  async run(interaction, _, { ledger, retentionDays, text }) {
    const summary = await ledger.storedData.summary(interaction.user.id);
    const changes = await ledger.serverRules.countBy(interaction.user.id);
    const view = renderPrivacy({ summary, changes, retentionDays }, text);
    await interaction.reply({ ...view, flags: MessageFlags.Ephemeral });
  },
});
