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

  async run(interaction, _, context) {
    const { ledger, rules, text } = context;
    const found = await ledger.settings.of(interaction.user.id);
    const view = renderSettings(found, context, await rules(), text);
    await interaction.reply({ ...view, flags: MessageFlags.Ephemeral });
  },
});
