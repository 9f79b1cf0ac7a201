import { ApplicationCommandType, MessageFlags } from 'discord.js';
import { defineCommand, EVERYWHERE } from './command.ts';
import { renderSettings } from './settings.view.ts';
import { described } from './text/index.ts';

export const settings = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'settings',
    ...described((text) => text.command.settings),
    ...EVERYWHERE,
  },

  async run(interaction, _, { ledger, defaultModel, text }) {
    const found = await ledger.settings.of(interaction.user.id);
    const rules = await ledger.serverRules.of(interaction.guildId);
    const view = renderSettings(found, defaultModel, rules, text);
    await interaction.reply({ ...view, flags: MessageFlags.Ephemeral });
  },
});
